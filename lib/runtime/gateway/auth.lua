-- Who calls. One credential, in a header: an API key, or a token whose signature, issuer, audience and time Envoy's own
-- filter has verified before. What comes out is one header that the server can trust, and no credential.

local CLIENT_HEADER = "x-mcp-client"
-- Where Envoy's filter leaves the payload of the token that it has verified, and why it has not.
local CLAIMS_HEADER, VERIFIER = "x-mcp-claims", "envoy.filters.http.jwt_authn"

-- Digest of a key -> client, and what the record says of the key. Every client of kind `key` has one to eight digests in a
-- variable of its own.
local KEYS = {}
-- Subject of a certificate -> client. Empty where the load balancer verifies none: then nobody can be known by one.
local SUBJECTS = {}
for client, its in pairs(POLICY.clients) do
  if its.by == "key" then
    local variable = "HMCP_KEYS_" .. client:upper():gsub("-", "_")
    local count = 0
    for word in assert(os.getenv(variable), variable .. " is missing"):gmatch("%S+") do
      local digest = word:lower()
      assert(#digest == 64 and not digest:find("%X"), variable .. " holds something else than SHA-256 digests")
      assert(KEYS[digest] == nil or KEYS[digest].client == client, variable .. " holds a key of another client")
      KEYS[digest] = { client = client, credential = '{"id":"key:' .. sub(digest, 1, 16) .. '"}' }
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
    .. ',"call":{"caller":{"client":"' .. client .. '","proof":"' .. proof .. '"'
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
    local its = KEYS[#key <= 256 and sha256(key)] or invalid("unknown key")
    client, proof, credential = its.client, "key", its.credential
  else
    local payload = headers:get(CLAIMS_HEADER)
    if not payload then
      local found = record:get(VERIFIER)
      local failed = found and found.failed
      invalid(type(failed) == "table" and tostring(failed.message) or "no token that can be verified")
    end
    local token = token_of(bearer, payload)
    client, proof, credential = token.client, "jwt", token.credential
    leave(notes, "hmcp.scopes", token.scopes)
    if POLICY.sessions then leave(notes, "hmcp.subject", token.subject) end
  end
  headers:replace(CLIENT_HEADER, proof .. ":" .. client)
  leave(notes, "hmcp.caller", told(headers, client, proof, credential))
  set_limit(record, "limit", POLICY.clients[client].limit)
end
