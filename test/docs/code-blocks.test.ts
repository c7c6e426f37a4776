import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..", "..");
const documents = [
  ...["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"].map((file) => join(root, file)),
  ...(readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }) as string[])
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(root, "docs", file)),
];

/** Blocks of a language in a document, with the line they begin at; indentation inside lists is taken off. */
function blocks(file: string, language: string): { name: string; text: string }[] {
  const found = readFileSync(file, "utf8").matchAll(
    new RegExp(`^([ ]*)\`\`\`${language}\\n([\\s\\S]*?)^[ ]*\`\`\``, "gm"),
  );
  return [...found].map(({ 1: indent = "", 2: text = "", index }) => ({
    name: `${relative(root, file)}:${readFileSync(file, "utf8").slice(0, index).split("\n").length}`,
    text: text.replace(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

test("every TypeScript block compiles under the project's own strict settings", () => {
  const all = documents.flatMap((file) => blocks(file, "ts"));
  expect(all.length).toBeGreaterThan(2);
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const sources = new Map(
    all.map((block, index) => [join(root, "test", "docs", `block-${index}.ts`), block]),
  );
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) => {
    const block = sources.get(name);
    return block ? ts.createSourceFile(name, block.text, version) : read(name, version, ...rest);
  };
  host.fileExists = (name) => sources.has(name) || ts.sys.fileExists(name);
  const program = ts.createProgram([...sources.keys()], { ...options, noUnusedLocals: false }, host);
  const problems = [...sources].flatMap(([name, block]) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (problem) => `${block.name}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`,
    );
  });
  expect(problems).toEqual([]);
});

test("every npm script that the documents name exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const named = documents.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1] ?? ""),
  );
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test("every link to a file of the repository leads somewhere", () => {
  const missing = documents.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map((match) => join(file, "..", match[1] ?? ""))
      .filter((target) => !ts.sys.fileExists(target) && !ts.sys.directoryExists(target)),
  );
  expect(missing).toEqual([]);
});
