import { GIVEN } from "../given";
import { arrow, code, isGone, isNew, said, show, type Sentence } from "./sentence";

/** Of a construct that is new, or gone, others say all that there is to say. */
const decided = (field: "posture" | "lifecycle"): Sentence => ({
  at: ["declared", "*", field],
  kind: "protections",
  say: (difference, [path]) =>
    isNew(difference) || isGone(difference)
      ? undefined
      : said(`the ${field} of ${code(path)} changed: ${arrow(difference)}`),
});

const given: Sentence = {
  at: ["declared", "*", "given", "*"],
  kind: "protections",
  say: (difference, [path = "", what = ""], all) => {
    const whole = all("declared", path, "posture");
    if (whole && (isNew(whole) || isGone(whole))) return undefined;
    const says = Object.hasOwn(GIVEN, what)
      ? GIVEN[what as keyof typeof GIVEN].says
      : `${code(what)} is given`;
    return isNew(difference)
      ? said(`of ${code(path)}, ${says} now, not made here: what it lets is somebody else's to say`, true)
      : said(`of ${code(path)}, no longer so that ${says}: it is made here`);
  },
};

/** What is made here is told of by whatever it does; what is given may be anything. */
const used: Sentence = {
  at: ["used", "*", "*"],
  kind: "protections",
  say: (difference, [as, what]) => {
    if (isGone(difference)) return said(`${code(what)} is no longer ${String(as)}`);
    if (isNew(difference) && difference.new === "made") return undefined;
    return said(
      `${code(what)} is now ${String(as)}, and ${show(difference.new)}`,
      difference.new === "given",
    );
  },
};

const told: Sentence = {
  at: ["heard", "told", "*"],
  kind: "alarms",
  say: (difference, [topic]) =>
    isNew(difference)
      ? said(`alarms are now told to ${code(topic)}`, true)
      : said(`alarms are no longer told to ${code(topic)}`),
};

const hears: Sentence = {
  at: ["heard", "by", "*", "*"],
  kind: "alarms",
  say: (difference, [topic, who]) =>
    isNew(difference)
      ? said(`${code(who)} now hears ${code(topic)}`, true)
      : said(`${code(who)} no longer hears ${code(topic)}`),
};

/** Sentences about what is decided once, what is given, and who hears alarms. */
export const SURROUNDINGS_SENTENCES: readonly Sentence[] = [
  decided("posture"),
  decided("lifecycle"),
  given,
  used,
  told,
  hears,
];
