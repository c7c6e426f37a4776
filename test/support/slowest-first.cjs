const Sequencer = require("@jest/test-sequencer").default;

/** Suites of `real` that take longest. Jest starts with long files where it has seen no run before, and these are short. */
const SLOWEST =
  /[\\/](terraform-real[\\/](derived|validate)|package[\\/]contents|cli[\\/]up)\.real\.test\.ts$/;

/** Starts with what takes longest, so that no worker is left alone with it at the end. */
module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const slow = sorted.filter(({ path }) => SLOWEST.test(path));
    return [...slow, ...sorted.filter((test) => !slow.includes(test))];
  }
};
