import { CONFINED } from "../task/container-parts";
import { opened } from "../terraform/plan";

const CONFIGURATION = "--config-yaml";

/** How every Envoy of ours runs, whatever it is for: the part of a container definition that its configuration does not decide. */
export function envoyProcess(bootstrap: object): Readonly<Record<string, unknown>> {
  return {
    // Where Envoy lies in the official images, plain and distroless; past the plain one's script, which wants root.
    entryPoint: ["/usr/local/bin/envoy"],
    command: [
      CONFIGURATION,
      JSON.stringify(bootstrap),
      "--disable-hot-restart",
      "--concurrency",
      "2",
      // The line of a call is out within this; the default is ten seconds.
      "--file-flush-interval-msec",
      "200",
      "--log-level",
      "warning",
    ],
    // Numeric, so that it holds for any image: the user `envoy` of the plain one. The binary asks for no other.
    user: "101:101",
    ...CONFINED,
  };
}

/** The configuration that a written container runs its Envoy with; undefined where there is none that can be read. */
export function bootstrapOf({
  command,
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const words: readonly unknown[] = Array.isArray(command) ? command : [];
  const at = words.indexOf(CONFIGURATION);
  const bootstrap = at < 0 ? undefined : opened(words[at + 1]);
  return typeof bootstrap === "object" && bootstrap !== null
    ? (bootstrap as Readonly<Record<string, unknown>>)
    : undefined;
}
