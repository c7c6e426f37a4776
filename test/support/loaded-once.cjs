/**
 * The environment of a test file: the worker's own realm, as in a program that uses the library. Nothing is made anew for
 * it but what Jest brings, so that arrays and errors are the same everywhere, and what loaded-once-modules.cjs lists is
 * loaded once for all files of a worker. What a file changes of the globals, the process or its environment ends with it.
 *
 * `@jest-environment-options {"ownLib": true}` at the head of a file loads the library for this file alone: for one that
 * puts something else in the place of what the library imports.
 */
const { AsyncLocalStorage } = require("node:async_hooks");
const { createRequire } = require("node:module");
const { Realm } = require("./loaded-once-modules.cjs");
const remember = require("./loaded-once-restore.cjs");

const ofJest = createRequire(require.resolve("jest-environment-node"));
const { LegacyFakeTimers, ModernFakeTimers } = ofJest("@jest/fake-timers");
const { ModuleMocker } = ofJest("jest-mock");

/** Storages that were entered: Jest makes one for each test file, and each promise pays for all that are left. */
const entered = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...given) {
  entered.add(this);
  return run.apply(this, given);
};

class LoadedOnce {
  constructor({ globalConfig, projectConfig }) {
    this.restore = remember();
    this.realm = new Realm(
      projectConfig.testEnvironmentOptions.ownLib === true ||
        // Here the library changes between two runs of a process, or is counted by Jest.
        globalConfig.watch ||
        globalConfig.watchAll ||
        globalConfig.collectCoverage,
    );
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    const timers = { config: projectConfig, global: globalThis, moduleMocker: this.moduleMocker };
    const timerConfig = { idToRef: (timer) => timer, refToId: (timer) => timer };
    this.fakeTimers = new LegacyFakeTimers({ ...timers, timerConfig });
    this.fakeTimersModern = new ModernFakeTimers(timers);
    // Where a token was made is asked by nobody here, and takes a fifth of a synth's time.
    require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
  }

  async setup() {}

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    this.restore();
    // cdktf keeps every token with all that it reaches: the trees of this file. None is made while a module loads.
    const { __cdktfTokenMap: tokens } = globalThis;
    tokens?.stringTokenMap.clear();
    tokens?.numberTokenMap.clear();
    for (const storage of entered) storage.disable();
    entered.clear();
  }

  exportConditions() {
    return ["node", "node-addons"];
  }

  getVmContext() {
    return this.realm;
  }
}
module.exports = LoadedOnce;
