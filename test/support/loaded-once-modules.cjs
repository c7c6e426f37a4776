/**
 * How modules come into a test file. Jest compiles and runs every module anew for every file, its own included; here
 * - the library, what it imports and some tools are loaded by Node, once for all test files of a worker;
 * - all else is compiled once, and only run anew.
 */
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, relative, sep } = require("node:path");
const vm = require("node:vm");
const { transformSync, version } = require("@swc/core");

const ROOT = join(__dirname, "..", "..");
const LIB = join(ROOT, "lib") + sep;
/** Reads all sources once, to tell whether they are those of the run before. */
const KEPT_RESULTS = join(__dirname, "kept.ts");
/** What the library imports, so that a class is the same in a test and in the library; and tools that take long to load. */
const IMPORTED = ["cdktf", "constructs", "@cdktf", "@aws-sdk", "mysql2", "pg"];
const TOOLS = ["ajv", "ajv-formats", "fast-check", "typescript", "yaml"];
const ONCE = new RegExp(`[\\\\/]node_modules[\\\\/](${[...IMPORTED, ...TOOLS].join("|")})[\\\\/]`);

/** What Jest takes for the context of a test file: the realm that this program runs in. */
class Realm {
  /** @param ownLib whether the library is loaded for this file alone */
  constructor(ownLib) {
    this.ownLib = ownLib;
  }

  hasLoaded(file) {
    return ONCE.test(file) || file === KEPT_RESULTS || (!this.ownLib && file.startsWith(LIB));
  }
}
exports.Realm = Realm;

const { compileFunction } = vm;
const compiled = new Map();

vm.compileFunction = (code, names, options) => {
  const { parsingContext: realm, ...rest } = options ?? {};
  if (!(realm instanceof Realm)) return compileFunction(code, names, options);
  const { filename } = rest;
  if (realm.hasLoaded(filename)) return (module) => void (module.exports = require(filename));
  // What such code imports while it runs belongs to one test file.
  if (/\bimport\s*\(/.test(code)) return compileFunction(code, names, rest);
  const known = compiled.get(filename);
  if (known?.code === code) return known.script.runInThisContext();
  const head = `(function (${names}) {`;
  const script = new vm.Script(`${head}${code.replace(/^#!/, "//")}\n})`, {
    filename,
    columnOffset: -head.length,
  });
  compiled.set(filename, { code, script });
  return script.runInThisContext();
};

const OPTIONS = { ...require("./loaded-once-typescript.cjs"), swcrc: false, configFile: false };
const MADE_WITH = JSON.stringify([OPTIONS, version]);
const KEPT = join(ROOT, ".cache", "typescript");

/** Loads TypeScript. What it becomes is kept in a file with its source map, where Jest finds it for the lines of an error. */
Module._extensions[".ts"] = (module, file) => {
  const source = readFileSync(file, "utf8");
  const mark = `\n// ${createHash("sha256").update(MADE_WITH).update(source).digest("hex")}`;
  const kept = join(KEPT, `${relative(ROOT, file)}.js`);
  let code = existsSync(kept) ? readFileSync(kept, "utf8") : "";
  if (!code.endsWith(mark)) {
    code = transformSync(source, { ...OPTIONS, filename: file }).code + mark;
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, code);
    renameSync(`${kept}.${process.pid}`, kept);
  }
  const run = compileFunction(code, ["exports", "require", "module", "__filename", "__dirname"], {
    filename: kept,
  });
  run.call(module.exports, module.exports, Module.createRequire(file), module, file, dirname(file));
};
