/** What stays: cdktf's tokens, which it keeps among the globals for as long as it is loaded itself. */
const STAYS = /^__cdktf/;

/** Notes what the globals, the process and its environment are now. @returns a function that makes them so again */
module.exports = function remember() {
  const globals = Object.getOwnPropertyDescriptors(globalThis);
  const variables = { ...process.env };
  const { exit, exitCode, getBuiltinModule } = process;
  return () => {
    for (const name of Reflect.ownKeys(globalThis)) {
      const was = Object.hasOwn(globals, name) ? globals[name] : undefined;
      const is = Object.getOwnPropertyDescriptor(globalThis, name);
      if (!is.configurable || STAYS.test(String(name))) continue;
      if (was === undefined) delete globalThis[name];
      else if (is.value !== was.value || is.get !== was.get) Object.defineProperty(globalThis, name, was);
    }
    for (const name of Reflect.ownKeys(globals))
      if (!Object.hasOwn(globalThis, name)) Object.defineProperty(globalThis, name, globals[name]);
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
    Object.assign(process.env, variables);
    // Jest puts its own in the place of these.
    Object.assign(process, { exit, exitCode, ...(getBuiltinModule && { getBuiltinModule }) });
  };
};
