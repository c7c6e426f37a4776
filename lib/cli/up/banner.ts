import type { LocalClient } from "./credentials";

/** What is told before the first call. */
export interface BannerProps {
  readonly server: string;
  readonly file: string;
  readonly url: string;
  readonly clients: readonly LocalClient[];
  readonly changes: readonly string[];
  /** File with the certificate that clients must trust, with `--tls`. */
  readonly certificateFile?: string;
}

/** What to paste where, and how this gateway differs from the deployed one. Pure. */
export function banner(props: BannerProps): string {
  const lines = [
    `${props.server} behind the gateway of ${props.file}`,
    "",
    `  ${props.url}`,
    "",
    ...props.clients.flatMap(({ client, header, note, tools }) => [
      `  ${client} (${note}; ${tools.join(", ") || "no tools"})`,
      `    ${header}`,
    ]),
    "",
    "changed against the file:",
    ...props.changes.map((change) => `  - ${change}`),
    ...(props.certificateFile === undefined
      ? []
      : ["", `clients trust it with NODE_EXTRA_CA_CERTS=${props.certificateFile}`]),
    "",
    "audit lines follow; Ctrl-C ends everything",
  ];
  return `${lines.join("\n")}\n`;
}
