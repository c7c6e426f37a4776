-- SHA-256 (FIPS 180-4), as hexadecimal digits. LuaJIT has bit operations and no digests.
local bit, byte = require("bit"), string.byte
local band, bor, bxor, ror, lshift, rshift, tobit, tohex =
  bit.band, bit.bor, bit.bxor, bit.ror, bit.lshift, bit.rshift, bit.tobit, bit.tohex

-- Round constants: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
local ROUND = {}
do
  local candidate = 2
  while #ROUND < 64 do
    local prime = true
    for divisor = 2, math.floor(math.sqrt(candidate)) do
      if candidate % divisor == 0 then
        prime = false
        break
      end
    end
    if prime then
      local root = candidate ^ (1 / 3)
      ROUND[#ROUND + 1] = tobit(math.floor((root - math.floor(root)) * 4294967296))
    end
    candidate = candidate + 1
  end
end

-- The message schedule. Made once: to make it anew costs as much as half of a digest.
local w = {}

local function sha256(text)
  local bits = #text * 8
  local length = string.char(0, 0, 0, 0, band(rshift(bits, 24), 255), band(rshift(bits, 16), 255), band(rshift(bits, 8), 255), band(bits, 255))
  text = text .. "\128" .. string.rep("\0", (55 - #text) % 64) .. length
  local h1, h2, h3, h4 = 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a
  local h5, h6, h7, h8 = 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  for from = 1, #text, 64 do
    for i = 1, 16 do
      local p, q, r, s = byte(text, from + i * 4 - 4, from + i * 4 - 1)
      w[i] = bor(lshift(p, 24), lshift(q, 16), lshift(r, 8), s)
    end
    for i = 17, 64 do
      local x, y = w[i - 15], w[i - 2]
      local s0 = bxor(ror(x, 7), ror(x, 18), rshift(x, 3))
      local s1 = bxor(ror(y, 17), ror(y, 19), rshift(y, 10))
      w[i] = tobit(w[i - 16] + s0 + w[i - 7] + s1)
    end
    local a, b, c, d, e, f, g, h = h1, h2, h3, h4, h5, h6, h7, h8
    for i = 1, 64 do
      local s1 = bxor(ror(e, 6), ror(e, 11), ror(e, 25))
      local t1 = tobit(h + s1 + bxor(g, band(e, bxor(f, g))) + ROUND[i] + w[i])
      local s0 = bxor(ror(a, 2), ror(a, 13), ror(a, 22))
      local t2 = tobit(s0 + bxor(band(a, b), band(c, bxor(a, b))))
      h, g, f, e, d, c, b, a = g, f, e, tobit(d + t1), c, b, a, tobit(t1 + t2)
    end
    h1, h2, h3, h4 = tobit(h1 + a), tobit(h2 + b), tobit(h3 + c), tobit(h4 + d)
    h5, h6, h7, h8 = tobit(h5 + e), tobit(h6 + f), tobit(h7 + g), tobit(h8 + h)
  end
  return tohex(h1) .. tohex(h2) .. tohex(h3) .. tohex(h4) .. tohex(h5) .. tohex(h6) .. tohex(h7) .. tohex(h8)
end

-- A digest that is wrong here is wrong everywhere: then the gateway does not start.
assert(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "SHA-256 is wrong")
