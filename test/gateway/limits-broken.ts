type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** Ways of changing a gateway in a task definition. */
export interface LimitsEdit {
  envoy(alter: (bootstrap: Data) => void): void;
  filter(name: string, alter: (config: Data, all: Data[]) => void): void;
  policy(alter: (policy: Data) => void): void;
}

const ADDRESS = "hmcp.address-limit";
const SHARED = [ADDRESS, "hmcp.client-limit", "hmcp.tool-limit"];
const manager = (bootstrap: Data) =>
  bootstrap["static_resources"].listeners[0].filter_chains[0].filters[0].typed_config;
const cluster = (bootstrap: Data, name: string) =>
  bootstrap["static_resources"].clusters.find((one: Data) => one["name"] === name);
const routes = (bootstrap: Data) => manager(bootstrap).route_config.virtual_hosts[0].routes;
const remove = (name: string) => (edit: LimitsEdit) =>
  edit.filter(
    name,
    (_config, all) =>
      void all.splice(
        all.findIndex((one) => one["name"] === name),
        1,
      ),
  );
const apart = (config: Data) =>
  config["descriptors"].find((one: Data) => one["entries"].some((entry: Data) => entry["value"] === "apart"));

/** Each limit taken away, or made to hold for nobody: a control, what is done, how. */
export const LIMITS_BROKEN: readonly (readonly [string, string, (edit: LimitsEdit) => void])[] = [
  ["limits", "no limit of clients", remove("hmcp.client-limit")],
  ["limits", "no limit of tools", remove("hmcp.tool-limit")],
  ["limits", "no limit of the task", remove("hmcp.flood")],
  [
    "limits",
    "a limit of another value",
    (e) =>
      e.filter(
        "hmcp.client-limit",
        (f) => void f["descriptors"].forEach((one: Data) => (one["entries"][0].value = "1")),
      ),
  ],
  ["address-limit", "none", remove(ADDRESS)],
  [
    "address-limit",
    "behind authentication",
    (e) =>
      e.filter(
        ADDRESS,
        (_f, all) =>
          void all.splice(
            all.length - 1,
            0,
            ...all.splice(
              all.findIndex((one) => one["name"] === ADDRESS),
              1,
            ),
          ),
      ),
  ],
  [
    "address-limit",
    "the caller's own word",
    (e) => e.envoy((b) => void (manager(b).xff_num_trusted_hops = 2)),
  ],
  [
    "address-limit",
    "the load balancer's address",
    (e) => e.envoy((b) => void (manager(b).use_remote_address = false)),
  ],
  ["address-limit", "few buckets", (e) => e.filter(ADDRESS, (f) => void (f["max_dynamic_descriptors"] = 20))],
  [
    "address-limit",
    "buckets without end",
    (e) => e.filter(ADDRESS, (f) => void (f["max_dynamic_descriptors"] = 4e9)),
  ],
  ["address-limit", "counted by nothing", (e) => e.filter(ADDRESS, (f) => void (f["descriptors"] = []))],
  [
    "address-limit",
    "not enforced",
    (e) => e.filter(ADDRESS, (f) => void (f["filter_enabled"] = { default_value: { numerator: 50 } })),
  ],
  ["limits-shared", "nobody is looked up", (e) => e.envoy((b) => void delete b["cluster_manager"])],
  [
    "limits-shared",
    "a list that never changes",
    (e) =>
      e.envoy((b) => {
        delete cluster(b, "peers").cluster_type;
        cluster(b, "peers").type = "STATIC";
      }),
  ],
  ["limits-shared", "nobody asks whether others are known", remove("hmcp.peers")],
  [
    "limits-shared",
    "another program asks",
    (e) =>
      e.filter(
        "hmcp.peers",
        (f) => void (f["default_source_code"].inline_string = "function envoy_on_request() end"),
      ),
  ],
  [
    "limits-shared",
    "the others would be called",
    (e) => e.envoy((b) => void (cluster(b, "peers").circuit_breakers.thresholds[0].max_requests = 1)),
  ],
  ...SHARED.flatMap((name): [string, string, (edit: LimitsEdit) => void][] => [
    [
      "limits-shared",
      `${name}: shared is what is taken for granted`,
      (e) =>
        e.filter(name, (f) =>
          f["rate_limits"][0].actions
            .filter((action: Data) => action["metadata"]?.default_value)
            .forEach((action: Data) => (action["metadata"].default_value = "peers")),
        ),
    ],
    [
      "limits-shared",
      `${name}: the whole without DNS`,
      (e) => e.filter(name, (f) => void (apart(f).token_bucket.fill_interval = "1s")),
    ],
    [
      "limits-shared",
      `${name}: a bucket for everything`,
      (e) => e.filter(name, (f) => void (f["descriptors"][0].entries = [{ key: "client" }])),
    ],
  ]),
  [
    "calls-at-once",
    "more room than is said",
    (e) => e.envoy((b) => void (cluster(b, "server:slow").circuit_breakers.thresholds[0].max_requests = 256)),
  ],
  [
    "calls-at-once",
    "more room for a client than is said",
    (e) =>
      e.envoy(
        (b) => void (cluster(b, "server:client:narrow").circuit_breakers.thresholds[0].max_requests = 256),
      ),
  ],
  [
    "calls-at-once",
    "no room for a client",
    (e) => e.envoy((b) => void (cluster(b, "server:client:narrow").name = "other")),
  ],
  ["calls-at-once", "no room", (e) => e.envoy((b) => void (cluster(b, "server:slow").name = "other"))],
  [
    "calls-at-once",
    "no way there",
    (e) =>
      e.envoy(
        (b) =>
          void routes(b).splice(
            routes(b).findIndex((one: Data) => one["name"] === "server:slow"),
            1,
          ),
      ),
  ],
  ["calls-at-once", "the general way first", (e) => e.envoy((b) => void routes(b).reverse())],
];
