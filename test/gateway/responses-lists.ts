import { legacy, modern } from "./lab";

/** A list as a server gives it, with what a reader that writes it anew would change. */
export const LIST = (id: unknown): string =>
  `{"jsonrpc":"2.0","id":${String(id)},"result":{"tools":[ {"name":"search","x":1.0,"big":12345678901234567890,"é":"\\u00e9"},` +
  `{"name":"refund"} , {"name":"secret","inputSchema":{"a":["]","}"]}},{"title":"no name"},{"name":"made-up"},"text"],` +
  `"nextCursor":"page 2","ttlMs":1e3}}`;

const SEARCH = `{"name":"search","x":1.0,"big":12345678901234567890,"é":"\\u00e9"}`;
const listed = (id: unknown, ...tools: readonly string[]) =>
  `{"jsonrpc":"2.0","id":${String(id)},"result":{"tools":[${tools.join(",")}],"nextCursor":"page 2","ttlMs":1e3}}`;

/** Who sees which tools of `LIST`. */
export const LISTS: readonly (readonly [
  who: string,
  scopes: string | undefined,
  list: (id: unknown) => string,
  hidden: number,
])[] = [
  ["a client by its key", undefined, (id) => listed(id, SEARCH), 5],
  ["a token with the scope", "openid mcp:refund", (id) => listed(id, SEARCH, '{"name":"refund"}'), 4],
  ["a token without the scope", "openid", (id) => listed(id, SEARCH), 5],
];

/** Lists that two readers could read in two ways, without their id. */
export const BROKEN_LISTS: readonly (readonly [what: string, members: string])[] = [
  ["two lists", '"result":{"tools":[]},"result":{"tools":[{"name":"secret"}]}'],
  ["a list that is none", '"result":{"tools":{"name":"secret"}}'],
  ["a key written twice, once by numbers", '"result":{"tools":[],"\\u0074ools":[{"name":"secret"}]}'],
  ["text behind it", '"result":{"tools":[]}} {"x":1'],
];

/** A list is asked for so in each era. */
export const LIST_MESSAGES = { modern: modern("tools/list"), legacy: legacy("tools/list") };
