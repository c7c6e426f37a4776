import { Fn, ref, Testing, TerraformLocal, TerraformStack, Token } from "cdktf";
import { FreeText, json, literal } from "../../lib/terraform/json";
import { isToken } from "../../lib/terraform/tokens";

/** Renders a value inside a stack and gives the string as it stands in the written file. */
function written(make: (stack: TerraformStack) => unknown): string {
  const stack = new TerraformStack(Testing.app(), "s");
  new TerraformLocal(stack, "out", json(make(stack)));
  return (JSON.parse(Testing.synth(stack)) as { locals: { out: string } }).locals.out;
}

const scope = new TerraformStack(Testing.app(), "scope");
const text = (reference: string) => Token.asString(ref(reference, scope));

describe("json() writes what Terraform reads back", () => {
  test.each<[string, (stack: TerraformStack) => unknown, string]>([
    ["plain values", () => ({ a: 1, b: [true, null], c: 'q"\\' }), '{"a":1,"b":[true,null],"c":"q\\"\\\\"}'],
    ["Terraform's own marks in text", () => ({ a: "${x} %{if}" }), '{"a":"$${x} %%{if}"}'],
    [
      "Envoy's format strings",
      () => "%REQ(X)% %DYNAMIC_METADATA(a:b)%",
      '"%REQ(X)% %DYNAMIC_METADATA(a:b)%"',
    ],
    ["policy variables of IAM", () => ["${aws:PrincipalTag/user}/*"], '["$${aws:PrincipalTag/user}/*"]'],
    ["a regular expression", () => "^\\d{2,4}\\.[\"']$", JSON.stringify("^\\d{2,4}\\.[\"']$")],
    ["a reference inside text", () => `arn:${text("aws_x.y.id")}:z`, '"arn:${aws_x.y.id}:z"'],
    ["a reference alone", () => [text("aws_x.y.arn")], '["${aws_x.y.arn}"]'],
    [
      "a number reference",
      () => ({ n: Token.asNumber(ref("aws_x.y.port", scope)) }),
      '{"n":${jsonencode(aws_x.y.port)}}',
    ],
    [
      "a list reference",
      () => ({ l: Token.asList(ref("aws_x.y.ids", scope)) }),
      '{"l":${jsonencode(aws_x.y.ids)}}',
    ],
    [
      "text of unknown content",
      () => ({ v: new FreeText(text("var.motto")) }),
      '{"v":${jsonencode(var.motto)}}',
    ],
    ["known free text", () => ({ v: new FreeText('a"b') }), '{"v":"a\\"b"}'],
    ["left-out fields", () => ({ a: undefined, b: 1 }), '{"b":1}'],
  ])("%s", (_name, make, expected) => expect(written(make)).toBe(expected));

  describe("a long text beside a token", () => {
    const long = '{"a":"${x} %{if} \\\\ \\" 2e5"}\n'.repeat(400);

    test("is written as it is", () => {
      const read = written(() => ({ long, id: text("aws_x.y.id") }));
      expect((JSON.parse(read) as { long: string }).long).toBe(
        long.replace(/\$\{/g, "$$${").replace(/%\{/g, "%%{"),
      );
      expect(read).toContain('"id":"${aws_x.y.id}"');
    });
    test("costs a render no more than without the token, where cdktf alone takes its square", () => {
      const seconds = (value: string) => {
        const stack = new TerraformStack(Testing.app(), "s");
        new TerraformLocal(stack, "out", value);
        const before = process.cpuUsage();
        stack.toTerraform();
        return process.cpuUsage(before).user / 1e6;
      };
      const plain = (size: number) => JSON.stringify({ long: "}".repeat(size), id: text("aws_x.y.id") });
      seconds(plain(1_000));
      expect(seconds(plain(60_000))).toBeGreaterThan(
        10 * seconds(json({ long: "}".repeat(60_000), id: text("aws_x.y.id") })),
      );
    });
  });

  test("literal leaves tokens alone", () => {
    const token = text("a.b.c");
    expect(literal(`${token} \${x}`)).toBe(`${token} $\${x}`);
  });
});

describe("isToken sees what cdktf's own test does not", () => {
  test.each<[string, unknown, boolean]>([
    ["string token", text("a.b.c"), true],
    ["text with a token", `x-${text("a.b.c")}`, true],
    ["number token", Token.asNumber(ref("a.b.c", scope)), true],
    ["list token", Token.asList(ref("a.b.c", scope)), true],
    ["list with a token among its items", [text("a.b.c"), "b"], false],
    ["function", Fn.upper(text("a.b.c")), true],
    ["plain expression", "${var.x}", true],
    ["plain text", "abc", false],
    ["number", 5, false],
    ["nothing", undefined, false],
  ])("%s", (_name, value, expected) => expect(isToken(value)).toBe(expected));
});
