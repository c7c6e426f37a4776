import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../lib/cli/main";

/** What a command line printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder with files, thrown away after the tests of the file. */
export function folder(files: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), "cli-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** Runs a command line in a folder, without variables unless some are given. */
export async function cli(
  place: string | { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
  ...args: readonly string[]
): Promise<Ran> {
  const { cwd, env } = typeof place === "string" ? { cwd: place, env: {} } : place;
  const printed = { out: "", err: "" };
  const code = await run(args, {
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    cwd,
    env,
  });
  return { code, ...printed };
}
