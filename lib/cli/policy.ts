import { readPolicies } from "../checklist/manifest";
import { AUDIT_LINE_SCHEMA } from "../gateway/audit-line";
import { POLICY_SCHEMA } from "../policy/schema";
import { readArguments } from "./arguments";
import { CliError, type Command } from "./io";
import { policyTable } from "./policy-table";
import { readOneSource } from "./stacks";

/** `hardened-mcp policy`: who may call what. */
export const policy: Command = {
  usage: "[STACK FOLDER] [--server NAME] [--json] | --schema | --audit-schema",
  says: "print who may call which tool, how often and how long",
  help: [
    "Prints the tools and clients of each server as they were synthesised.",
    "",
    "  --server NAME    this server only",
    "  --json           the policy documents themselves",
    "  --schema         the JSON Schema of such a document",
    "  --audit-schema   the JSON Schema of a line of the gateway's audit record",
  ].join("\n"),
  run: (args, io) => {
    const options = {
      server: { type: "string" },
      json: { type: "boolean" },
      schema: { type: "boolean" },
      "audit-schema": { type: "boolean" },
    } as const;
    const { values, positionals } = readArguments(args, options, 1);
    if (values.schema === true && values["audit-schema"] === true) {
      throw new CliError("--schema and --audit-schema are two documents: ask for one at a time");
    }
    const schema =
      values.schema === true
        ? POLICY_SCHEMA
        : values["audit-schema"] === true
          ? AUDIT_LINE_SCHEMA
          : undefined;
    if (schema !== undefined) {
      io.out(`${JSON.stringify(schema, null, 2)}\n`);
      return 0;
    }
    const { plan, file } = readOneSource(positionals[0], io);
    const all = readPolicies(plan.source);
    if (all.size === 0) throw new CliError(`${file} declares no server`);
    const { server } = values;
    const chosen = [...all.values()].filter((each) => server === undefined || each.server === server);
    if (chosen.length === 0) {
      throw new CliError(
        `there is no server ${JSON.stringify(server)}; there are ${[...all.keys()].join(", ")}`,
      );
    }
    io.out(
      values.json === true
        ? `${JSON.stringify(Object.fromEntries(chosen.map((each) => [each.server, each])), null, 2)}\n`
        : `${chosen.map(policyTable).join("\n\n")}\n`,
    );
    return 0;
  },
};
