import { AUDIT_LINE_SCHEMA } from "./audit-line";
import { LEFT, LINES } from "./envoy/access-log";
import { data, list, type WrittenGateway } from "./read";

type Log = Readonly<Record<string, unknown>>;
const formatOf = (log: Log) => data(data(log.typed_config).log_format);

/** Fields of the line of strangers, which Envoy makes JSON of. */
const fieldsOfStrangers = (log: Log) => Object.keys(data(formatOf(log).json_format));

/** Fields of the line of who is proven, a text with what the program has left. */
function fieldsOfCallers(log: Log): string[] {
  const text = String(data(formatOf(log).text_format_source).inline_string);
  const written = AUDIT_LINE_SCHEMA.required.filter((field) => text.includes(`"${field}":`));
  return text.includes(LEFT.text) && text.endsWith("}\n") ? [...written, ...LEFT.fields] : written;
}

/** What is wrong with how requests are recorded, or nothing: each must leave one line, with every field. */
export function linesRule({ manager, container }: WrittenGateway): string | undefined {
  const logs = list(manager.access_log).map(data);
  const of = (filter: object) => logs.find((log) => JSON.stringify(log.filter) === JSON.stringify(filter));
  const [callers, strangers] = [of(LINES.caller), of(LINES.stranger)];
  const printed = logs.every((log) => String(data(log.typed_config)["@type"]).endsWith(".StdoutAccessLog"));
  if (callers === undefined || strangers === undefined || !printed) return "not every request leaves a line";
  if (logs.length > 2) return "some requests leave more than one line";
  for (const fields of [fieldsOfCallers(callers), fieldsOfStrangers(strangers)]) {
    const missing = AUDIT_LINE_SCHEMA.required.filter((field) => !fields.includes(field));
    if (missing.length > 0) return `the audit line lacks ${missing.join(", ")}`;
  }
  const { logDriver, options } = data(container.logConfiguration);
  return logDriver === "awslogs" && data(options).mode === "blocking"
    ? undefined
    : "audit lines can be lost on their way to CloudWatch";
}
