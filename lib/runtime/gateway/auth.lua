-- Who calls. One credential, in a header: an API key, or a token whose signature, issuer, audience and time Envoy's own
-- filter has verified before. What comes out is one header that the server can trust, and no credential.

local CLIENT_HEADER = "x-mcp-client"
-- Clocks of the issuer and of the task may differ by this.
local SKEW_SECONDS = 30

-- Digest of a key -> client. Every client of kind `key` has one to eight digests in a variable of its own.
local KEYS = {}
-- Claim -> value -> client.
local CLAIMS = {}
for client, its in pairs(POLICY.clients) do
  if its.by == "key" then
    local variable = "HMCP_KEYS_" .. client:upper():gsub("-", "_")
    local count = 0
    for word in assert(os.getenv(variable), variable .. " is missing"):gmatch("%S+") do
      local digest = word:lower()
      assert(#digest == 64 and not digest:find("%X"), variable .. " holds something else than SHA-256 digests")
      assert(KEYS[digest] == nil or KEYS[digest] == client, variable .. " holds a key of another client")
      KEYS[digest] = client
      count = count + 1
    end
    assert(count >= 1 and count <= 8, variable .. " must hold one to eight digests")
  else
    CLAIMS[its.claim] = CLAIMS[its.claim] or {}
    CLAIMS[its.claim][its.is] = client
  end
end

-- Algorithms that a token may be signed with. It cannot ask for another, whatever key would fit.
local ALGORITHMS = {}
for _, name in ipairs(POLICY.algorithms or {}) do
  assert(name == "RS256" or name == "PS256" or name == "ES256", "HMCP_POLICY names another algorithm")
  ALGORITHMS[name] = true
end

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

-- Rules that Envoy's filter does not know: it takes any algorithm that a key fits, ignores `crit` and `iat`, and has no
-- longest life.
local function check_token(verified)
  local header, claims = verified.header, verified.claims
  local now = os.time()
  if type(header) ~= "table" or not ALGORITHMS[header.alg] then invalid("algorithm") end
  if header.crit ~= nil then invalid("crit") end
  local from, to = claims.iat, claims.exp
  if type(from) ~= "number" or type(to) ~= "number" then invalid("iat or exp is missing") end
  if to <= from or to - from > POLICY.lifetime then invalid("lifetime") end
  if from > now + SKEW_SECONDS then invalid("iat is in the future") end
  if to < now - SKEW_SECONDS then invalid("expired") end
  if claims.nbf ~= nil and (type(claims.nbf) ~= "number" or claims.nbf > now + SKEW_SECONDS) then invalid("nbf") end
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

-- Scopes with blanks around each, so that one is looked for as " name ".
local function scopes_of(claims)
  local scope = claims.scope
  if type(scope) == "table" then
    local texts = {}
    for _, item in ipairs(scope) do texts[#texts + 1] = tostring(item) end
    scope = table.concat(texts, " ")
  end
  return type(scope) == "string" and " " .. scope .. " " or " "
end

local function authenticate(handle)
  local headers = handle:headers()
  local record = handle:streamInfo():dynamicMetadata()
  local bearer, key = headers:get("authorization"), headers:get("x-api-key")
  local given = headers:getNumValues("authorization") + headers:getNumValues("x-api-key")
  headers:remove("authorization")
  headers:remove("x-api-key")
  headers:remove("cookie")
  if given == 0 then unauthorized("credential-missing") end
  if given > 1 then invalid("two credentials") end
  if bearer and sub(bearer, 1, 11) == "Bearer hmk_" then key = sub(bearer, 8) end
  local client, proof
  if key then
    client, proof = #key <= 256 and KEYS[sha256(key)], "key"
    if not client then invalid("unknown key") end
  else
    local verified = record:get("envoy.filters.http.jwt_authn")
    if not verified or type(verified.claims) ~= "table" then
      local failed = verified and verified.failed
      invalid(type(failed) == "table" and tostring(failed.message) or "no token that can be verified")
    end
    check_token(verified)
    client, proof = client_of(verified.claims), "jwt"
    if not client then
      refuse({ status = 403, code = CODE.forbidden, message = "no client has this token", reason = "client-unknown" })
    end
    record:set("hmcp", "scopes", scopes_of(verified.claims))
  end
  headers:replace(CLIENT_HEADER, proof .. ":" .. client)
  record:set("hmcp", "client", client)
  record:set("hmcp", "proof", proof)
  set_limit(record, "limit", POLICY.clients[client].limit)
end
