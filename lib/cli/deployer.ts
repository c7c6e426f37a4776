import { DeployerError, deployerPolicies, type DeployerFacts } from "../deployer/policies";
import { readArguments } from "./arguments";
import { CliError, type Command } from "./io";
import { readOneSource } from "./stacks";
import { writeNumbered } from "./write-out";

/** What an option must look like, and what it is called. */
const FORMS = {
  account: [/^\d{12}$/, "12 digits"],
  region: [/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-west-1"],
  boundary: [/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/, "the ARN of a managed policy"],
} as const;

/** `hardened-mcp deployer`: the rights of whoever deploys. */
export const deployer: Command = {
  usage: "[STACK FOLDER] [--account ID] [--region NAME] [--boundary ARN] [--only-plan] [--out FOLDER]",
  says: "print the IAM policies that are enough to deploy it",
  help: [
    "Prints managed policies as a JSON list: what Terraform needs to plan, apply, change and destroy the stack, on what",
    "bears the deployment's name; roles only inside their boundary, handed only to services that we use.",
    "",
    "  --account ID     of the deployment: 12 digits; any account by default",
    "  --region NAME    of the deployment; any region by default",
    "  --boundary ARN   of the roles, where the file does not say it",
    "  --only-plan      only what `terraform plan` needs: nothing is changed, no client's key or certificate read",
    "  --out FOLDER     write deployer-1.json, deployer-2.json … there, or planner-1.json …",
  ].join("\n"),
  run: (args, io) => {
    const text = { type: "string" } as const;
    const options = {
      ...{ account: text, region: text, boundary: text, out: text },
      "only-plan": { type: "boolean" },
    } as const;
    const { values, positionals } = readArguments(args, options, 1);
    const planOnly = values["only-plan"] === true;
    const facts: Record<string, string> = {};
    for (const [name, [pattern, form]] of Object.entries(FORMS)) {
      const value = values[name as keyof typeof FORMS];
      if (value === undefined) continue;
      if (!pattern.test(value)) throw new CliError(`--${name} is ${JSON.stringify(value)}, expected ${form}`);
      facts[name] = value;
    }
    const { plan, file } = readOneSource(positionals[0], io);
    try {
      const policies = deployerPolicies(plan, { ...facts, planOnly } satisfies DeployerFacts);
      const { out } = values;
      if (out === undefined) io.out(`${JSON.stringify(policies, null, 2)}\n`);
      else
        writeNumbered(
          policies.map((policy) => `${JSON.stringify(policy, null, 2)}\n`),
          out,
          planOnly ? "planner" : "deployer",
          io,
        );
      return 0;
    } catch (error) {
      if (error instanceof DeployerError) throw new CliError(`${file}: ${error.message}`);
      throw error;
    }
  },
};
