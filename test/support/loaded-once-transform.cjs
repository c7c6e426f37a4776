/** What a file of cdktf, constructs or the bindings becomes within a test file: the module that its worker has already. */
module.exports = { process: () => ({ code: "module.exports = globalThis.loadedOnce(__filename);" }) };
