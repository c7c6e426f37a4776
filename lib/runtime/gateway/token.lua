-- What a token says. Envoy's own filter has verified its signature, issuer, audience and time before, in every call, and
-- leaves its payload in a header then, which nobody else can write: without it no token was verified. What follows from the
-- text of a token alone is read once, and kept by that text.

-- Claim -> value -> client.
local CLAIMS = {}

local function unauthorized(reason, problem, detail)
  refuse({
    status = 401,
    code = CODE.unauthorized,
    message = problem and "invalid credential" or "credential missing",
    reason = reason,
    detail = detail,
    challenge = challenge(problem, POLICY.scopes),
  })
end

local function invalid(detail)
  unauthorized("credential-invalid", "invalid_token", detail)
end

-- A token that Envoy has verified in this call: `client`, `scopes`, `credential` (JSON) and `subject`.
local token_of
do
  -- Clocks of the issuer and of the task may differ by this.
  local SKEW_SECONDS = 30

  -- Algorithms that a token may be signed with. It cannot ask for another, whatever key would fit.
  local ALGORITHMS = {}
  for _, name in ipairs(POLICY.algorithms or {}) do
    assert(name == "RS256" or name == "PS256" or name == "ES256", "HMCP_POLICY names another algorithm")
    ALGORITHMS[name] = true
  end

  -- Letters of base64url (RFC 4648) and what they stand for.
  local LETTERS, ALL = {}, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  for index = 1, 64 do LETTERS[byte(ALL, index)] = index - 1 end

  -- Whether a header is a token and nothing else: Envoy's filter takes one that stands anywhere in it.
  local function is_token(text)
    if sub(text, 1, 7) ~= "Bearer " then return false end
    local dots = 0
    for index = 8, #text do
      local c = byte(text, index)
      if c == 46 then dots = dots + 1 elseif not LETTERS[c] then return false end
    end
    return dots == 2
  end

  -- One part of a token, read as strictly as a message: of two claims of one name Envoy's filter has judged one, and this would
  -- be the other.
  local function read_part(text)
    local bytes, held, bits = {}, 0, 0
    for index = 1, #text do
      held, bits = held % 64 * 64 + LETTERS[byte(text, index)], bits + 6
      if bits >= 8 then
        bits = bits - 8
        bytes[#bytes + 1] = char(floor(held / 2 ^ bits) % 256)
      end
    end
    local fine, part = pcall(decode, table.concat(bytes), 32, 10000)
    if not fine or kind(part) ~= "object" then invalid("the token cannot be read") end
    return part
  end

  -- The one client that the claims belong to. None, or two, is nobody.
  local function client_of(claims)
    local found
    for claim, values in pairs(CLAIMS) do
      local value = claims[claim]
      local client = type(value) == "string" and values[value]
      if client then
        if found then return nil end
        found = client
      end
    end
    return found
  end

  -- Scopes of a token, with blanks between them.
  local function scopes_of(claims)
    local scope = claims.scope
    if kind(scope) == "array" then
      local texts = {}
      for _, item in ipairs(scope) do texts[#texts + 1] = type(item) == "string" and item or nil end
      scope = table.concat(texts, " ")
    end
    return type(scope) == "string" and scope or ""
  end

  -- Which token it was, so that lines of one can be found: a hash of its own id, or of its signature where it has none.
  -- Neither is of any use to whoever reads it.
  local function token_id(claims, signature)
    local id = claims.jti
    if type(id) == "string" and id ~= "" and #id <= 256 then return "jti:" .. sub(sha256(id), 1, 32) end
    return "sig:" .. sub(sha256(signature), 1, 32)
  end

  -- With the rules that Envoy's filter does not know: it takes any algorithm that a key fits, ignores `crit` and `iat`, and
  -- has no longest life.
  local function read_token(bearer, payload)
    if not is_token(bearer) then invalid("form of the header") end
    local first = find(bearer, ".", 8, true)
    local second = first + #payload + 1
    if sub(bearer, first, second) ~= "." .. payload .. "." then invalid("form of the header") end
    local header, claims = read_part(sub(bearer, 8, first - 1)), read_part(payload)
    if not ALGORITHMS[header.alg] then invalid("algorithm") end
    if header.crit ~= nil then invalid("crit") end
    local from, to, valid_from = claims.iat, claims.exp, claims.nbf
    if type(from) ~= "number" or type(to) ~= "number" then invalid("iat or exp is missing") end
    if to <= from or to - from > POLICY.lifetime then invalid("lifetime") end
    -- What is no time never comes.
    if valid_from == nil then valid_from = from elseif type(valid_from) ~= "number" then valid_from = huge end
    local scopes = scopes_of(claims)
    return {
      from = from, to = to, valid_from = valid_from,
      client = client_of(claims),
      subject = type(claims.sub) == "string" and claims.sub or "",
      scopes = " " .. scopes .. " ",
      credential = '{"id":"' .. token_id(claims, sub(bearer, second + 1)) .. '","scopes":' .. quote(scopes) .. "}",
    }
  end

  local function check_times(token)
    local now = os.time()
    if token.from > now + SKEW_SECONDS then invalid("iat is in the future") end
    if token.to < now - SKEW_SECONDS then invalid("expired") end
    if token.valid_from > now + SKEW_SECONDS then invalid("nbf") end
  end

  -- Tokens that were taken before, by their text, as Envoy's filter keeps them. At most twice so many, none that is longer; two
  -- kilobytes or less each, as a rule.
  local MOST_TOKENS, MOST_BYTES = 500, 4096
  local tokens, tokens_before, token_count = {}, {}, 0

  token_of = function(bearer, payload)
    local known = tokens[bearer]
    local token = known or tokens_before[bearer] or read_token(bearer, payload)
    check_times(token)
    if known then return token end
    if not token.client then
      refuse({ status = 403, code = CODE.forbidden, message = "no client has this token", reason = "client-unknown" })
    end
    if #bearer <= MOST_BYTES then
      if token_count == MOST_TOKENS then tokens, tokens_before, token_count = {}, tokens, 0 end
      tokens[bearer] = token
      token_count = token_count + 1
    end
    return token
  end
end
