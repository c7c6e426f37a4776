import { CONTROLS } from "../checklist/controls";
import { today } from "../checklist/day";
import { changesSince, judgeReview, signReview } from "../checklist/review/review";
import { changesAsText } from "../checklist/review/text";
import { readArguments, readDay } from "./arguments";
import { CliError, type Command, type Io } from "./io";
import { readReview, REVIEW_FILE } from "./review-file";
import { judging, readSources } from "./stacks";
import { writeOut } from "./write-out";

const OPTIONS = {
  by: { type: "string" },
  record: { type: "string" },
  on: { type: "string" },
  until: { type: "string" },
  out: { type: "string" },
  review: { type: "string" },
  "as-of": { type: "string" },
} as const;

/** `hardened-mcp review`: signs what was looked at, and says what changed since. */
export const review: Command = {
  usage: "sign|check [cdktf.out | STACK FOLDER | FILE] [options]",
  says: "sign a security review, or say what changed since",
  help: [
    "sign writes review.json: who, when, the record, and a summary of what was signed, without images and sizes.",
    "check compares what is there now with that summary.",
    "",
    "  --by NAME        who has reviewed it (sign)",
    "  --record WHERE   where the record of the review lies: a ticket, a page (sign)",
    "  --on DATE        day of the review, YYYY-MM-DD (sign; default: today, UTC)",
    "  --until DATE     last day on which it counts (sign; default: a year later)",
    `  --out FILE       where it is written (sign; default: ${REVIEW_FILE} here)`,
    `  --review FILE    the review (check; default: ${REVIEW_FILE} beside the stack, or here)`,
    "  --as-of DATE     day on which it is judged (check; default: today, UTC)",
    "",
    "Whoever can write the file can sign: protect it like code, by review and by owners.",
    "Exit codes: 0 signed, or signed as it is; 1 not signed as it is; 2 could not judge.",
  ].join("\n"),
  run: (args, io) => {
    const { values, positionals } = readArguments(args, OPTIONS, 2);
    const [what, place] = positionals;
    if (what === "sign") return sign(place, values, io);
    if (what === "check") return check(place, values, io);
    throw new CliError(`name what to do: hardened-mcp review sign, or hardened-mcp review check`);
  },
};

type Values = { readonly [option in keyof typeof OPTIONS]?: string };

function sign(place: string | undefined, values: Values, io: Io): number {
  const { by, record } = values;
  if (!by?.trim()) throw new CliError("say who has reviewed it: --by NAME");
  if (!record?.trim()) throw new CliError("say where the record of the review lies: --record WHERE");
  const signedOn = readDay(values.on ?? today(), "on");
  const until = readDay(values.until ?? aYearAfter(signedOn), "until");
  if (until < signedOn) throw new CliError(`--until is ${until}, before the review of ${signedOn}`);
  const sources = readSources(place, io);
  const twice = sources.find(({ stack }, index) => sources.findIndex((one) => one.stack === stack) !== index);
  if (twice) throw new CliError(`there are two stacks that are called ${twice.stack}: sign them one by one`);
  const signed = judging(sources, () =>
    signReview(sources, CONTROLS, { signedBy: by, signedOn, until, record }),
  );
  const line = `signed by ${by} until ${until}: ${Object.keys(signed.stacks).join(", ")}`;
  writeOut(`${JSON.stringify(signed, null, 2)}\n`, values.out ?? REVIEW_FILE, io, line);
  return 0;
}

/** The same day of the next year; the 29th of February becomes the 1st of March. */
function aYearAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toISOString().slice(0, 10);
}

function check(place: string | undefined, values: Values, io: Io): number {
  const asOf = readDay(values["as-of"] ?? today(), "as-of");
  const results = readSources(place, io).map((source) => {
    const found = readReview(values.review, source, io);
    const [verdict, changes] = judging([source], () => [
      judgeReview(found, source, CONTROLS, asOf)[0],
      typeof found === "string" ? [] : (changesSince(found, source, CONTROLS) ?? []),
    ]);
    if (verdict === undefined) io.out(`${source.stack}: nothing of ours to review\n`);
    else if (verdict.result === "pass") io.out(`${source.stack}: signed as it is\n`);
    else if (changes.length === 0) io.out(`${source.stack}: ${verdict.detail}\n`);
    else
      io.out(
        `${source.stack}: changed since it was signed\n${changesAsText([{ stack: source.stack, changes }])}`,
      );
    return verdict?.result ?? "pass";
  });
  return results.every((result) => result === "pass") ? 0 : 1;
}
