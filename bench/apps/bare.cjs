// A plain cdktf app with the resources of a written file: same types, same number, same settings, nothing else.
// usage: bare.cjs cdk.tf.json
require("./report.cjs");
const { readFileSync } = require("node:fs");
const { AwsProvider } = require("@cdktf/provider-aws/lib/provider");
const { App, TerraformStack } = require("cdktf");

const LEFT_OUT = ["//", "depends_on", "provider"];
const camel = (text) => text.replace(/_([a-z0-9])/g, (_all, letter) => letter.toUpperCase());
const camelised = (value) =>
  Array.isArray(value)
    ? value.map(camelised)
    : value !== null && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [camel(key), camelised(item)]))
      : value;
const { resource = {}, data = {} } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const app = new App();
const stack = new TerraformStack(app, "bare");
new AwsProvider(stack, "aws", { region: "eu-west-1" });
for (const [section, prefix] of [
  [resource, ""],
  [data, "data-aws-"],
]) {
  for (const [type, instances] of Object.entries(section)) {
    if (!type.startsWith("aws_")) continue;
    const exported = require(`@cdktf/provider-aws/lib/${prefix}${type.slice(4).replace(/_/g, "-")}`);
    const Class = Object.values(exported).find((item) => item.tfResourceType === type);
    for (const [name, block] of Object.entries(instances)) {
      const body = Object.fromEntries(Object.entries(block).filter(([key]) => !LEFT_OUT.includes(key)));
      new Class(stack, `${prefix}${name}`, camelised(body));
    }
  }
}
app.synth();
