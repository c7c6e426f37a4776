// Runs a compiled example from inside this repository, so that it finds its packages. usage: example.cjs FILE
require("./report.cjs");
const Module = require("node:module");
const { readFileSync } = require("node:fs");
const file = process.argv[2];
const module_ = new Module(__filename, module);
module_.filename = __filename;
module_.paths = Module._nodeModulePaths(__dirname);
module_._compile(readFileSync(file, "utf8"), __filename);
