import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docs, file, orders } from "./fixture";
import { cli, folder } from "./io";

const wider = {
  ...orders,
  clients: { ...orders.clients, "ci-bot": { ...orders.clients["ci-bot"], tools: ["search", "refund"] } },
};
const root = folder({
  "old/cdk.tf.json": file({ orders }),
  "wider/cdk.tf.json": file(JSON.parse(JSON.stringify({ orders: wider })) as never),
  "other/cdk.tf.json": file({ docs }),
  "theirs/cdk.tf.json": { resource: { aws_s3_bucket: { b: {} } } },
});
const SIGN = ["--by", "A. Reviewer", "--record", "SEC-12", "--on", "2026-11-25"];

describe("diff", () => {
  test("ends with 0 where nothing widened, and with 3 where something did", async () => {
    expect(await cli(root, "diff", "old", "old")).toEqual({
      code: 0,
      out: "nothing changed in security\n",
      err: "",
    });
    const { code, out } = await cli(root, "diff", "old", "wider");
    expect([code, out]).toEqual([
      3,
      "+ calls        `ci-bot` may now call `refund` of `orders`\n\n1 change, 1 of which widens reach\n",
    ]);
    expect((await cli(root, "diff", "wider", "old")).code).toBe(0);
  });
  test("for pull requests and for programs", async () => {
    expect((await cli(root, "diff", "old", "wider", "--format", "markdown")).out).toContain(
      "| **wider** | calls | `ci-bot` may now call `refund` of `orders` |",
    );
    const { out } = await cli(root, "diff", "old", "wider", "--format", "json");
    expect(JSON.parse(out)).toEqual({
      schema: 1,
      widens: true,
      stacks: [
        {
          stack: "test",
          changes: [{ kind: "calls", widens: true, says: "`ci-bot` may now call `refund` of `orders`" }],
        },
      ],
    });
  });
  test.each([
    ["one place", ["diff", "old"], /name two places/],
    [
      "a format that is none",
      ["diff", "old", "wider", "--format", "x"],
      /expected one of text, markdown, json/,
    ],
    ["nothing there", ["diff", "old", "nowhere"], /there is no nowhere/],
  ])("cannot judge: %s", async (_what, args, message) => {
    const { code, err } = await cli(root, ...args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe("review", () => {
  const verdict = async (...args: string[]) => {
    const { out } = await cli(root, "check", ...args, "--format", "json");
    const { verdicts } = JSON.parse(out) as {
      verdicts: { control: string; result: string; detail?: string }[];
    };
    const found = verdicts.find(({ control }) => control === "review.signed");
    return found && `${found.result} ${found.detail ?? ""}`.trim();
  };
  test("fails in check until somebody has signed", async () => {
    expect(await verdict("old")).toMatch(
      /^fail there is no review.json: review the deployment, then run `hardened-mcp review sign`$/,
    );
    expect(await verdict("theirs")).toBeUndefined();
  });
  test("signed, it passes; a changed tool makes it stale, in the diff's words; so does time", async () => {
    const signed = await cli(root, "review", "sign", "old", ...SIGN);
    expect(signed).toEqual({
      code: 0,
      out: "review.json: signed by A. Reviewer until 2027-11-25: test\n",
      err: "",
    });
    const day = ["--as-of", "2026-12-01"];
    expect(await verdict("old", ...day)).toBe("pass");
    expect(await verdict("wider", ...day)).toBe(
      "fail since A. Reviewer signed on 2026-11-25: `ci-bot` may now call `refund` of `orders`",
    );
    expect(await verdict("old", "--as-of", "2027-11-25")).toBe("pass");
    expect(await verdict("old", "--as-of", "2027-11-26")).toBe(
      "fail the review of 2026-11-25 ended on 2027-11-25",
    );
    expect((await cli(root, "review", "check", "old", ...day)).code).toBe(0);
    const stale = await cli(root, "review", "check", "wider", ...day);
    expect([stale.code, stale.out]).toEqual([1, expect.stringContaining("may now call `refund`")]);
  });
  test("images and sizes are no part of it", async () => {
    await cli(root, "review", "sign", "old", ...SIGN);
    const json = readFileSync(join(root, "old/cdk.tf.json"), "utf8")
      .replaceAll("acme/server", "acme/server-2")
      .replaceAll('"maxTasks":2', '"maxTasks":9');
    writeFileSync(join(root, "sized.tf.json"), json);
    expect((await cli(root, "review", "check", "sized.tf.json")).code).toBe(0);
  });
  test("a word that was changed afterwards breaks the seal", async () => {
    await cli(root, "review", "sign", "old", ...SIGN, "--out", "other/review.json");
    const changed = readFileSync(join(root, "other/review.json"), "utf8").replace(
      "A. Reviewer",
      "B. Reviewer",
    );
    writeFileSync(join(root, "broken.json"), changed);
    expect(await verdict("old", "--review", "broken.json")).toBe(
      "fail broken.json was changed after it was signed: sign again",
    );
    writeFileSync(join(root, "none.json"), "{}");
    expect(await verdict("old", "--review", "none.json")).toBe("fail none.json is not a review");
    writeFileSync(join(root, "text.json"), "{");
    expect(await verdict("old", "--review", "text.json")).toMatch(/^fail text.json cannot be read as JSON/);
  });
  test.each([
    ["nothing to do", ["review"], /review sign, or hardened-mcp review check/],
    ["nobody", ["review", "sign", "old", "--record", "x"], /--by NAME/],
    ["no record", ["review", "sign", "old", "--by", "x"], /--record WHERE/],
    [
      "an end before its day",
      ["review", "sign", "old", ...SIGN, "--until", "2026-11-24"],
      /before the review of 2026-11-25/,
    ],
  ])("called wrongly: %s", async (_what, args, message) => {
    const { code, err } = await cli(root, ...args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
