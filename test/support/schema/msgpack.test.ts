import { decode, encode, UNKNOWN, type Value } from "./msgpack";

describe("MessagePack", () => {
  const values: Value[] = [
    null,
    true,
    false,
    0,
    -1,
    127,
    65_536,
    -70_000,
    1.5,
    2 ** 40,
    "",
    "größe",
    [],
    ["a", [1, null]],
    { name: "x", nested: { list: [true] } },
    UNKNOWN,
    { later: UNKNOWN },
  ];

  it.each(values.map((value) => [JSON.stringify(value), value]))("round trips %s", (_, value) => {
    expect(decode(encode(value))).toStrictEqual(value);
  });

  // Bytes as other encoders write them: each the shortest form.
  it.each([
    ["ff", -1],
    ["cc80", 128],
    ["cd0100", 256],
    ["ce00010000", 65_536],
    ["cf0000000000000100", 256],
    ["d0ce", -50],
    ["d1ff00", -256],
    ["d2ffff0000", -65_536],
    ["ca3fc00000", 1.5],
    ["a161", "a"],
    ["d90161", "a"],
    ["da000161", "a"],
    ["9101", [1]],
    ["dc000101", [1]],
    ["81a16101", { a: 1 }],
    ["de0001a16101", { a: 1 }],
    ["c7020c80ff", UNKNOWN],
    ["d40000", UNKNOWN],
  ])("reads %s", (hex, value) => {
    expect(decode(Buffer.from(hex, "hex"))).toStrictEqual(value);
  });

  it("refuses a tag that does not exist", () => {
    expect(() => decode(Buffer.from("c1", "hex"))).toThrow("0xc1");
  });
});
