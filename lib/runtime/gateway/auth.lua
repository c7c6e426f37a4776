-- Who calls. One credential, in a header: an API key, or a token whose signature, issuer, audience and time Envoy's own
-- filter has verified before. What comes out is one header that the server can trust, and no credential.

local CLIENT_HEADER = "x-mcp-client"
-- Clocks of the issuer and of the task may differ by this.
local SKEW_SECONDS = 30

-- Where Envoy's filter leaves what it found.
local VERIFIED = "envoy.filters.http.jwt_authn"

-- Digest of a key -> client. Every client of kind `key` has one to eight digests in a variable of its own.
local KEYS = {}
-- Claim -> value -> client.
local CLAIMS = {}
-- Subject of a certificate -> client. Empty where the load balancer verifies none: then nobody can be known by one.
local SUBJECTS = {}
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
  elseif its.by == "mtls" then
    assert(SUBJECTS[its.subject] == nil, "two clients have one subject")
    SUBJECTS[assert(its.subject, client .. " has no subject")] = client
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

-- Scopes of a token, with blanks between them.
local function scopes_of(claims)
  local scope = claims.scope
  if type(scope) == "table" then
    local texts = {}
    for _, item in ipairs(scope) do texts[#texts + 1] = type(item) == "string" and item or nil end
    scope = table.concat(texts, " ")
  end
  return type(scope) == "string" and scope or ""
end

-- Whether a header is a token and nothing else: Envoy's filter takes one that stands anywhere in it.
local function is_token(text)
  if sub(text, 1, 7) ~= "Bearer " then return false end
  for index = 8, #text do
    local c = byte(text, index)
    local letter = c > 96 and c < 123 or c > 64 and c < 91 or c > 47 and c < 58
    if not letter and c ~= 45 and c ~= 46 and c ~= 95 then return false end
  end
  return true
end

local CERTIFICATE = "x-amzn-mtls-clientcert-"

-- What the load balancer says of the caller's certificate, each header once. All of the family are taken away: the
-- server has no use for them, and cannot tell who wrote them.
local function take_certificate(headers)
  local names, found = {}, {}
  for name in pairs(headers) do
    if sub(name, 1, 12) == "x-amzn-mtls-" then names[#names + 1] = name end
  end
  for _, part in ipairs({ "subject", "issuer", "serial-number" }) do
    local count = headers:getNumValues(CERTIFICATE .. part)
    if count > 1 then found.twice = true end
    found[part] = headers:get(CERTIFICATE .. part)
  end
  for _, name in ipairs(names) do headers:remove(name) end
  return found
end

-- The client of a certificate: its whole subject, to the letter. What is written otherwise is somebody else.
local function certified(certificate)
  if certificate.twice then invalid("two certificates") end
  local client = certificate.subject and SUBJECTS[certificate.subject]
  if not client then return nil end
  local its = POLICY.clients[client]
  if its.issuer and its.issuer ~= certificate.issuer then invalid("issuer of the certificate") end
  if its.serial and its.serial ~= certificate["serial-number"] then invalid("serial number of the certificate") end
  return client
end

-- One proof a call: a key or token, which only this caller can have meant, goes before the certificate that everybody has.
local function certified_without(given, headers)
  local certificate = take_certificate(headers)
  return given == 0 and certified(certificate) or nil
end

-- Digests of ids and signatures that were seen before: to make one of a signature costs more than all else that is asked
-- of a token here. It follows from the text alone, so none is ever out of date, and nothing is decided by it; only tokens
-- that were taken get here. At most twice so many are kept, a kilobyte or less each.
local MOST_DIGESTS = 500
local digests, digests_before, digest_count = {}, {}, 0

local function digest_of(text)
  local digest = digests[text]
  if digest then return digest end
  digest = digests_before[text] or sub(sha256(text), 1, 32)
  if digest_count == MOST_DIGESTS then digests, digests_before, digest_count = {}, digests, 0 end
  digests[text] = digest
  digest_count = digest_count + 1
  return digest
end

-- Which token it was, so that lines of one can be found: a hash of its own id, or of its signature where it has none.
-- Neither is of any use to whoever reads it.
local function token_id(claims, bearer)
  local id = claims.jti
  if type(id) == "string" and id ~= "" and #id <= 256 then return "jti:" .. digest_of(id) end
  -- Behind the second dot, found without a pattern, which would be tried at each of a token's characters.
  local first = find(bearer or "", ".", 1, true)
  local second = first and find(bearer, ".", first + 1, true)
  return "sig:" .. digest_of(second and sub(bearer, second + 1) or "")
end

-- The trace that the caller says it is part of (W3C), if it has the form of one.
local TRACE = "^%x%x%-" .. ("%x"):rep(32) .. "%-" .. ("%x"):rep(16) .. "%-%x%x$"
local function trace(headers)
  local parent = headers:get("traceparent")
  return parent and find(parent, TRACE) and parent or nil
end

-- A header as JSON: at most so many bytes of it, which need not be UTF-8.
local function header_text(value, most)
  return escaped(sub(value, 1, most), '[%z\1-\31"\\\127-\255]')
end

-- The beginning of the audit line of whoever is proven: what came from outside, and who calls.
local function told(headers, client, proof, credential)
  local root, parent, verb = headers:get("x-amzn-trace-id"), trace(headers), headers:get(":method")
  return '"trace":' .. (root and header_text(root, 256) or "null") .. ',"verb":' .. (verb == "POST" and '"POST"' or header_text(verb, 16))
    .. ',"call":{"caller":{"client":' .. quote(client) .. ',"proof":"' .. proof .. '"'
    .. (credential and ',"credential":' .. credential or "") .. (parent and ',"traceparent":"' .. parent .. '"' or "") .. "}"
end

-- How often a header stands there. Values of one that does so twice are given with a comma between them, which no credential
-- has.
local function count(headers, name, value)
  if not value then return 0 end
  return find(value, ",", 1, true) and headers:getNumValues(name) or 1
end

-- What can be a credential is taken away by the route, from whatever goes on to the server.
local function authenticate(handle)
  local headers = handle:headers()
  local info = handle:streamInfo()
  local record, notes = info:dynamicMetadata(), info:filterState()
  local bearer, key = headers:get("authorization"), headers:get("x-api-key")
  local given = count(headers, "authorization", bearer) + count(headers, "x-api-key", key)
  local by_certificate = next(SUBJECTS) and certified_without(given, headers)
  if given == 0 and not by_certificate then unauthorized("credential-missing") end
  if given > 1 then invalid("two credentials") end
  if bearer and sub(bearer, 1, 11) == "Bearer hmk_" then key = sub(bearer, 8) end
  local client, proof, credential
  if by_certificate then
    client, proof = by_certificate, "mtls"
  elseif key then
    local digest = #key <= 256 and sha256(key)
    client, proof = KEYS[digest], "key"
    if not client then invalid("unknown key") end
    credential = '{"id":"key:' .. sub(digest, 1, 16) .. '"}'
  else
    local verified = record:get(VERIFIED)
    if not verified or type(verified.claims) ~= "table" then
      local failed = verified and verified.failed
      invalid(type(failed) == "table" and tostring(failed.message) or "no token that can be verified")
    end
    if not is_token(bearer) then invalid("form of the header") end
    check_token(verified)
    client, proof = client_of(verified.claims), "jwt"
    if not client then
      refuse({ status = 403, code = CODE.forbidden, message = "no client has this token", reason = "client-unknown" })
    end
    local scopes = scopes_of(verified.claims)
    credential = '{"id":"' .. token_id(verified.claims, bearer) .. '","scopes":' .. quote(scopes) .. "}"
    leave(notes, "hmcp.scopes", " " .. scopes .. " ")
  end
  headers:replace(CLIENT_HEADER, proof .. ":" .. client)
  leave(notes, "hmcp.caller", told(headers, client, proof, credential))
  set_limit(record, "limit", POLICY.clients[client].limit)
end
