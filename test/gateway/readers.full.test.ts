import { swapped } from "../support/swapped";
import { describeWith } from "../support/toolchain";
import { readMessages, type Read } from "./readers-lab";

/** Each process compiles the reader anew, by the messages that it has read before: so many processes, not one. */
const PROCESSES = 8;
const EACH = 2600;
const SEED = Number(process.env.READERS_SEED ?? 20_261_127);
jest.setTimeout(120_000);

/** A change of the program; each does what a compiler that errs may do. */
const MUTANTS: readonly (readonly [what: string, from: string, to: string])[] = [
  ["digits that a number does not keep", "to-at<16", "to-at<19"],
  [
    "a list that is long",
    "ends==125 and-1-count or count,members",
    "ends==125 and-1-count or count>60 and level or count,members",
  ],
  ["a key that stands twice", "if members[key]~=nil then", "if members[key]==false then"],
  ["text that is taken for plain", "c==92 or c>126", "c>126"],
  ["half of a surrogate pair", "(code-0xD800)*1024", "(code-0xD800)*1023"],
];

describeWith(["envoy"], "messages as a running gateway reads them, and as JavaScript does", () => {
  it("are the same: what is allowed, and what is told of arguments", async () => {
    const all: Read[] = [];
    for (let index = 0; index < PROCESSES; index++) all.push(await readMessages(SEED + index, EACH));
    const [sent, allowed] = [sum(all, "sent"), sum(all, "allowed")];
    process.stderr.write(`[readers] seed ${SEED}: ${sent} messages, ${allowed} allowed\n`);
    expect(all.flatMap(({ wrong }) => wrong).slice(0, 5)).toEqual([]);
    expect(sent).toBe(PROCESSES * EACH);
    expect(allowed).toBeGreaterThan(sent / 2);
    expect(sent - allowed).toBeGreaterThan(sent / 10);
  });

  it.each(MUTANTS)("differ where the program errs about %s", async (_what, from, to) => {
    const { wrong } = await readMessages(SEED, 800, (program) => swapped(program, from, to));
    expect(wrong.length).toBeGreaterThan(0);
  });
});

function sum(all: readonly Read[], of: "sent" | "allowed"): number {
  return all.reduce((total, one) => total + one[of], 0);
}
