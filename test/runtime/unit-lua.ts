import { luajit } from "./luajit";

// A case is a line with its length, and then so many bytes; each is answered with one line.
const CASES = `
function answer(run)
  for length in io.lines() do
    local size = tonumber(length)
    print((run(size > 0 and io.read(size) or "")))
    io.read(1)
  end
end
`;

/**
 * Runs functions of the gateway's program by themselves, in one LuaJIT.
 * @param source Lua that has them
 * @param driver Lua behind it, which calls `answer` with a function from a case to one line
 * @throws Error where it fails, or says another number of lines
 */
export async function runUnit(
  source: string,
  driver: string,
  cases: readonly (string | Buffer)[],
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const UNIT = `${source}\n${CASES}\n${driver}`;
  const input = cases.flatMap((one) => {
    const bytes = Buffer.from(one);
    return [Buffer.from(`${bytes.length}\n`), bytes, Buffer.from("\n")];
  });
  const script = "assert(loadstring(assert(os.getenv('UNIT')), '=unit'))(os.getenv('HMCP_POLICY'))";
  const said = await luajit(["-e", script], Buffer.concat(input), { ...env, UNIT });
  const lines = said.split("\n").slice(0, -1);
  if (lines.length !== cases.length) throw new Error(`${lines.length} answers to ${cases.length} cases`);
  return lines;
}
