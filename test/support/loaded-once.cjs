/**
 * The environment of a test file: Node's, with cdktf, constructs and the provider's bindings loaded once for all files of
 * a worker. Jest otherwise compiles them for every file, which is half of what the unit tests take. What they make is of
 * another realm: its arrays and objects have prototypes of their own.
 */
const { AsyncLocalStorage } = require("node:async_hooks");
const { TestEnvironment } = require("jest-environment-node");

/** Storages that were entered: Jest makes one for each test file, and each promise pays for all that are left. */
const entered = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...given) {
  entered.add(this);
  return run.apply(this, given);
};

class LoadedOnce extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.before = { ...process.env };
    // What a file sets for cdktf is set for the modules of the worker, too, until it ends.
    this.global.process.env = process.env;
    // Where a token was made is asked by nobody here, and takes a fifth of a synth's time.
    require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
    this.global.loadedOnce = (path) => require(path);
  }

  async teardown() {
    for (const name of Object.keys(process.env)) if (!(name in this.before)) delete process.env[name];
    Object.assign(process.env, this.before);
    await super.teardown();
    for (const storage of entered) storage.disable();
    entered.clear();
  }
}
module.exports = LoadedOnce;
