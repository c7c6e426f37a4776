import { ANSWERS } from "../../lib/gateway/answers-page";
import type { AnswerHeader, GatewayAnswer } from "../../lib/gateway/answers";
import { LUA_ANSWERS } from "../../lib/gateway/answers";
import type { ReadLine } from "../support/audit";
import { ENVOY_ANSWERS } from "../../lib/gateway/envoy/answers";
import { escapePattern } from "../../lib/policy/pattern";
import type { Answer } from "../support/envoy";

const HEADERS: readonly AnswerHeader[] = ["WWW-Authenticate", "Retry-After", "Allow"];

/** What was seen of an answer: `begun` where its stream had begun when it ended. */
export interface Seen {
  readonly answer: Pick<Answer, "status" | "headers" | "text">;
  readonly line: ReadLine;
  readonly begun?: "last event" | "cut";
}

/** Says a row, with the one status and message that were seen of it. */
export interface Row {
  readonly row: GatewayAnswer;
  readonly status: number;
  readonly message: string;
}

/** A text of the table as a rule: `…` is anything that holds no quote. */
function fits(text: string, is: string): boolean {
  const rule = text.split("…").map(escapePattern).join('[^"]+');
  return new RegExp(`^${rule}$`).test(is);
}

/** Headers as the row says, and none of the others. Words stand for a number of seconds. */
function headersFit({ headers: expected = {} }: GatewayAnswer, headers: Answer["headers"]): boolean {
  return HEADERS.every((name) => {
    const wanted = expected[name];
    const is = headers[name.toLowerCase()];
    if (wanted === undefined) return is === undefined;
    return (
      is !== undefined && (wanted.startsWith("seconds ") ? /^\d+$/.test(`${is}`) : fits(wanted, `${is}`))
    );
  });
}

/** JSON-RPC error of a body, or of the last event of a stream. */
function errorOf(text: string): { code?: number; message?: string } {
  const json = text.startsWith("{") ? text : (/data: (\{.*\})\n\n$/.exec(text)?.[1] ?? "{}");
  return (JSON.parse(json) as { error?: object }).error ?? {};
}

/**
 * The first row whose condition holds, as Envoy reads it: CEL of this kind is JavaScript as well. What the line does not show
 * is as its reason says.
 */
function envoyRow({ status, envoy, reason }: ReadLine): GatewayAnswer[] {
  const response = { code: status, code_details: envoy ?? "" };
  const xds = { cluster_name: reason === "busy" ? "server:single" : "server" };
  const row = ENVOY_ANSWERS.find(
    ({ when }) => new Function("response", "xds", `return ${when}`)(response, xds) as boolean,
  );
  return row?.reason === reason ? [row] : [];
}

/**
 * The row of an answer that came from the gateway, or of one that it let through.
 * @throws Error where no row says this answer, or more than one does
 */
export function rowOf({ answer, line, begun }: Seen): Row {
  const byLua = line.envoy === "lua_response" || (line.envoy === "via_upstream" && line.reason !== "ok");
  const rows = byLua ? LUA_ANSWERS.filter((row) => row.reason === line.reason) : envoyRow(line);
  const error = begun === "cut" || line.reason === "ok" ? {} : errorOf(answer.text);
  const legacy = (status: number, soft: boolean) => soft && status === 200;
  const found = rows.flatMap((row): Row[] => {
    const statuses = [row.status].flat();
    if (begun === undefined) {
      if (!statuses.includes(answer.status) && !legacy(answer.status, row.soft === true)) return [];
      if (!headersFit(row, answer.headers)) return [];
    } else if (row.begun !== begun || answer.status !== 200) return [];
    if (begun !== "cut" && row.code !== error.code) return [];
    const message = begun === "cut" ? "" : row.messages.find((text) => fits(text, error.message ?? ""));
    if (message === undefined && row.messages.length > 0) return [];
    return [{ row, status: answer.status, message: message ?? "" }];
  });
  const [first, ...more] = found;
  if (first === undefined || more.length > 0) {
    throw new Error(
      `${found.length} rows for ${answer.status} ${JSON.stringify(answer.headers)} ${answer.text}\n${JSON.stringify(line)}`,
    );
  }
  return first;
}

/** What must be seen of all rows: each status, each message, both eras, and how a stream ends. */
export function everything(): string[] {
  return ANSWERS.flatMap((row) => named(row));
}

function named(row: GatewayAnswer): string[] {
  const name = `${LUA_ANSWERS.includes(row) ? "program" : "Envoy"}, ${row.cause}`;
  const plain = [row.status].flat().filter((status) => !(row.begun !== undefined && status === 200));
  return [
    ...plain.map((status) => `${name}: ${status}`),
    ...(row.soft === true ? [`${name}: 200`] : []),
    ...row.messages.map((message) => `${name}: ${message}`),
    ...(row.begun === undefined ? [] : [`${name}: ${row.begun}`]),
  ];
}

/** The same of what was seen. */
export function namesOf(seen: Seen): string[] {
  const { row, status, message } = rowOf(seen);
  const name = `${LUA_ANSWERS.includes(row) ? "program" : "Envoy"}, ${row.cause}`;
  const ends = seen.begun === undefined ? `${status}` : seen.begun;
  return [`${name}: ${ends}`, ...(message === "" ? [] : [`${name}: ${message}`])];
}
