import type { ArgumentFormat } from "./config";

/** What a format means: the whole value must match, and has no more code points than the longest that can. */
export interface FormatRule {
  /** Read alike by RE2 and by JavaScript; matches no line feed, see `readPattern`. */
  readonly pattern: string;
  readonly maxLength: number;
}

const LEAP = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
const DATE =
  "(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))" +
  `|${LEAP}-02-29)`;
const CLOCK = "(?:[01]\\d|2[0-3]):[0-5]\\d";
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const HOSTNAME = `${LABEL}(?:\\.${LABEL})*`;
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const H16 = "[0-9A-Fa-f]{1,4}";
const LS32 = `(?:${H16}:${H16}|${IPV4})`;
/** RFC 3986, appendix A: the groups before `::` and those after it, eight in all or fewer. */
const IPV6 = `(?:${[
  `(?:${H16}:){6}${LS32}`,
  `::(?:${H16}:){5}${LS32}`,
  `(?:${H16})?::(?:${H16}:){4}${LS32}`,
  `(?:(?:${H16}:){0,1}${H16})?::(?:${H16}:){3}${LS32}`,
  `(?:(?:${H16}:){0,2}${H16})?::(?:${H16}:){2}${LS32}`,
  `(?:(?:${H16}:){0,3}${H16})?::${H16}:${LS32}`,
  `(?:(?:${H16}:){0,4}${H16})?::${LS32}`,
  `(?:(?:${H16}:){0,5}${H16})?::${H16}`,
  `(?:(?:${H16}:){0,6}${H16})?::`,
].join("|")})`;
/** A character of a URI's part: as it is, or by its number. No two branches begin alike, so nothing is tried twice. */
const part = (more: string) => `(?:[A-Za-z0-9._~!$&'()*+,;=${more}-]|%[0-9A-Fa-f]{2})`;
const PCHAR = part(":@");
const TAIL = `(?:\\?${part(":@/?")}*)?(?:#${part(":@/?")}*)?`;
const PORT = "(?::\\d{0,5})?";
const URI =
  "[A-Za-z][A-Za-z0-9+.-]*:" +
  `(?://(?:${part(":")}*@)?(?:\\[${IPV6}\\]|${part("")}*)${PORT}(?:/${PCHAR}*)*|/(?:${PCHAR}+(?:/${PCHAR}*)*)?|${PCHAR}+(?:/${PCHAR}*)*)?`;

/**
 * The closed list of formats. Exact: what a pattern takes is of the format by the standard that `ArgumentFormat` names, and
 * what it does not take, though the standard would, is said there.
 */
export const FORMATS: Readonly<Record<ArgumentFormat, FormatRule>> = {
  date: { pattern: DATE, maxLength: 10 },
  "date-time": { pattern: `${DATE}T${CLOCK}:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-]${CLOCK})`, maxLength: 35 },
  uuid: { pattern: "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}", maxLength: 36 },
  email: { pattern: `${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})+`, maxLength: 254 },
  hostname: { pattern: HOSTNAME, maxLength: 253 },
  ipv4: { pattern: IPV4, maxLength: 15 },
  ipv6: { pattern: IPV6, maxLength: 45 },
  uri: { pattern: `${URI}${TAIL}`, maxLength: 2048 },
  "https-uri": { pattern: `https://${HOSTNAME}(?::[1-9]\\d{0,4})?(?:/${PCHAR}*)*${TAIL}`, maxLength: 2048 },
};

/** Their names. */
export const FORMAT_NAMES = Object.keys(FORMATS) as ArgumentFormat[];
