import { LIMITS } from "../limits/contract";
import { roomOf } from "./envoy/at-once";
import { ownOf } from "./envoy/limits";
import { peersProgram } from "./envoy/peers";
import { FILTERS } from "./envoy/types";
import { data, list, type WrittenGateway } from "./read";

/** What is wrong with a gateway's limits, or nothing. */
type Rule = (gateway: WrittenGateway) => string | undefined;
type Data = Readonly<Record<string, unknown>>;

const config = (gateway: WrittenGateway, name: string): Data | undefined =>
  gateway.filters.find((one) => one.name === name)?.config;
const place = (gateway: WrittenGateway, name: string): number =>
  gateway.filters.findIndex((one) => one.name === name);
const ofType = (filter: Data | undefined, type: string): boolean =>
  String(filter?.["@type"]).endsWith(`.${type}`);
const descriptorsOf = (filter: Data | undefined): Data[] => list(filter?.descriptors).map(data);
const entriesOf = (descriptor: Data): Data[] => list(descriptor.entries).map(data);
const clusters = ({ bootstrap }: WrittenGateway): Data[] =>
  list(data(bootstrap.static_resources).clusters).map(data);

/** A bucket filter that counts everybody. */
function enforced(filter: Data | undefined): boolean {
  return (
    ofType(filter, "LocalRateLimit") &&
    [filter?.filter_enabled, filter?.filter_enforced].every(
      (share) => data(data(share).default_value).numerator === 100,
    )
  );
}

/** The bucket filter of a limit: the filter itself, or the one that stands in for a store which lets calls through. */
function bucketsOf(gateway: WrittenGateway, name: string): Data | string | undefined {
  const filter = config(gateway, name);
  if (filter === undefined) return `${name} is missing`;
  if (!ofType(filter, "RateLimit") || ofType(filter, "LocalRateLimit"))
    return enforced(filter) ? filter : `${name} is not enforced for everybody`;
  if (filter.domain !== LIMITS.domain || list(filter.rate_limits).length === 0)
    return `${name} asks its store for nothing`;
  if (!list(filter.rate_limits).every((rule) => data(data(rule).limit).dynamic_metadata !== undefined))
    return `${name} tells its store no limit`;
  if (filter.failure_mode_deny === true) return undefined;
  const own = config(gateway, ownOf(name));
  return enforced(own) ? own : `${name} lets everything through while its store fails`;
}

/** Every client and tool has a limit, in a bucket of its value or told to the store. */
export const limitsRule: Rule = (gateway) => {
  if (!enforced(config(gateway, FILTERS.flood)))
    return `${FILTERS.flood} is missing or not enforced for everybody`;
  const [clients, tools] = [FILTERS.clientLimit, FILTERS.toolLimit].map((name) => bucketsOf(gateway, name));
  const wrong = [clients, tools].find((one) => typeof one === "string");
  if (typeof wrong === "string") return wrong;
  const has = (filter: Data | string | undefined, key: string, limit: string | undefined) =>
    typeof filter !== "object" || limit === undefined
      ? limit !== undefined
      : descriptorsOf(filter).some((one) => {
          const [first] = entriesOf(one);
          return first?.key === key && first.value === limit;
        });
  const client = Object.entries(gateway.policy.clients).find(
    ([, { limit }]) => !has(clients, "limit", limit),
  );
  if (client) return `the client ${client[0]} has no limit`;
  const tool = Object.entries(gateway.policy.tools).find(
    ([, { limit, each }]) => !has(tools, "all", limit) || (each !== undefined && !has(tools, "each", each)),
  );
  if (tool) return `the tool ${tool[0]} has no limit`;
  const method = Object.entries(gateway.policy.opened ?? {}).find(
    ([, { limit, each }]) =>
      !has(tools, "method_all", limit) || (each !== undefined && !has(tools, "method_each", each)),
  );
  return method && `the method ${method[0]} has no limit`;
};

/** Buckets at least: more than a busy server has callers from at once. */
const LEAST_BUCKETS = 10_000;

/** The address is the load balancer's, and is counted before credentials are looked at. */
export const addressRule: Rule = (gateway) => {
  const filter = config(gateway, FILTERS.addressLimit);
  if (!enforced(filter)) return "requests of one address are not limited";
  const at = place(gateway, FILTERS.addressLimit);
  const late = [FILTERS.flood, FILTERS.jwt, FILTERS.auth].find((name) => {
    const other = place(gateway, name);
    return other >= 0 && other < at;
  });
  if (late) return `${late} stands before the limit of addresses`;
  const { use_remote_address: remote, xff_num_trusted_hops: hops } = gateway.manager;
  if (remote !== true || hops !== 1) return "the address is what the caller says it is";
  const counted = descriptorsOf(filter).every((one) =>
    entriesOf(one).some(({ key, value }) => key === "masked_remote_address" && value === undefined),
  );
  if (!counted || descriptorsOf(filter).length === 0) return "addresses are not counted one by one";
  const room = Number(filter?.max_dynamic_descriptors);
  return room >= LEAST_BUCKETS && room <= 100_000
    ? undefined
    : "a flood of addresses empties buckets that are used up, or fills the memory";
};

/** Every filter that hands out shares: counted among the tasks that DNS names, and divided while it names nobody. */
export const sharedRule: Rule = (gateway) => {
  const sharing = gateway.filters.filter(({ config }) => config.local_cluster_rate_limit !== undefined);
  if (sharing.length === 0) return undefined;
  const local = data(gateway.bootstrap.cluster_manager).local_cluster_name;
  const peers = clusters(gateway).find(({ name }) => name === local);
  if (peers === undefined) return "limits are shared among tasks that nobody looks up";
  if (!String(data(data(peers.cluster_type).typed_config)["@type"]).endsWith(".DnsCluster"))
    return "the tasks that share limits are not looked up";
  const at = place(gateway, FILTERS.peers);
  const program = data(config(gateway, FILTERS.peers)?.default_source_code).inline_string;
  if (at < 0 || program !== peersProgram()) return "nothing tells whether the other tasks are known";
  const [thresholds] = list(data(peers.circuit_breakers).thresholds).map(data);
  if (thresholds?.max_requests !== 0) return "asking after the other tasks would call them";
  for (const { name, config: filter } of sharing) {
    if (place(gateway, name) < at) return `${name} counts before it is known who shares`;
    const actions = list(filter.rate_limits).map((rule) => list(data(rule).actions).map(data));
    const marked = (action: Data) => {
      const { descriptor_key: key, default_value: value } = data(action.metadata);
      return key === "share" && value === "apart";
    };
    if (!actions.every((rule) => rule.some(marked))) return `${name} gives each task the whole without DNS`;
    const open = descriptorsOf(filter).find((one) => {
      const share = entriesOf(one).find(({ key }) => key === "share")?.value;
      return share !== "peers" && !(share === "apart" && rate(one) > 0);
    });
    if (open) return `${name} has a bucket that is neither shared nor divided`;
    const wider = descriptorsOf(filter).find((one) => shareOf(one) === "apart" && !tighter(one, filter));
    if (wider) return `${name} gives each task the whole without DNS`;
  }
  return undefined;
};

const shareOf = (descriptor: Data) => entriesOf(descriptor).find(({ key }) => key === "share")?.value;

/** Calls a second. */
function rate(descriptor: Data): number {
  const { tokens_per_fill: tokens, fill_interval: interval } = data(descriptor.token_bucket);
  return Number(tokens) / Number(String(interval).replace("s", ""));
}

/** Whether a divided bucket fills no faster than the shared one of the same limit, nor holds more. */
function tighter(apart: Data, filter: Data): boolean {
  const of = (one: Data) => JSON.stringify(entriesOf(one).filter(({ key }) => key !== "share"));
  const whole = descriptorsOf(filter).find((one) => shareOf(one) === "peers" && of(one) === of(apart));
  if (whole === undefined) return false;
  const most = (one: Data) => Number(data(one.token_bucket).max_tokens);
  return rate(apart) <= rate(whole) && most(apart) <= most(whole);
}

/** A tool or client that may run so often at once has a cluster of that size, and a route to it before the general one. */
export const atOnceRule: Rule = (gateway) => {
  const [host] = list(data(gateway.manager.route_config).virtual_hosts).map(data);
  const routes = list(host?.routes).map(data);
  const general = routes.findIndex(({ name }) => name === "rpc");
  const rooms = (["tool", "client"] as const).flatMap((field) =>
    Object.entries(gateway.policy[`${field}s`]).flatMap(([value, { room }]) =>
      room === undefined ? [] : [{ field, value, room }],
    ),
  );
  for (const { field, value, room } of rooms) {
    const name = roomOf(field, value);
    const [thresholds] = list(
      data(clusters(gateway).find((one) => one.name === name)?.circuit_breakers).thresholds,
    );
    if (data(thresholds).max_requests !== room)
      return `the ${field} ${value} may run more often at once than ${room} times`;
    const at = routes.findIndex(({ route }) => data(route).cluster === name);
    if (at < 0 || at > general) return `calls of ${value} do not go where they are counted`;
  }
  return undefined;
};
