import { part } from "./luajit";
import { runUnit } from "./unit-lua";

/** Bytes of a message that clients may send at most, of which each costs the reader more than ten. */
const LIST = Array(15_000).fill("[]").join();
const LEVELS = Array.from({ length: 14 }, (_none, at) => 14 - at);

// How much memory there is once a text has been read and what it left behind is collected.
const DRIVER = `
answer(function(text)
  pcall(decode, text, 16, 20000)
  collectgarbage()
  collectgarbage()
  return math.floor(collectgarbage("count"))
end)
`;

interface Series {
  /** What comes behind a long list that stands in so many lists. */
  readonly ending: (level: number) => string;
  /** KiB that may be held behind the last one: far less than one of the lists is, or no more than one. */
  readonly most: number;
}

/** Lists in ever fewer lists: whole, and such as break off in a list of the long one, which are held until the next text comes. */
export const SERIES: Readonly<Record<string, Series>> = {
  "what is whole": { ending: (level) => "]".repeat(level), most: 300 },
  "what cannot be read, but of the last one": { ending: () => ",[x", most: 3000 },
};

/**
 * KiB that a reader still holds behind a series.
 * @param source of a reader, or of a mutant of it
 */
export async function keptKib({ ending }: Series, source: string = part("json")): Promise<number> {
  const deep = LEVELS.map((level) => "[".repeat(level) + LIST + ending(level));
  const [before = 0, ...after] = (await runUnit(source, DRIVER, ["1", ...deep])).map(Number);
  return (after.at(-1) ?? Infinity) - before;
}
