// The same as example.cjs, without any validation: what the checklist costs is the difference. usage: unjudged.cjs FILE
require("cdktf").TerraformStack.prototype.runAllValidations = () => {};
require("./example.cjs");
