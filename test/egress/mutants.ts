type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const outer = (bootstrap: Data) =>
  bootstrap.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
const inner = (bootstrap: Data) => bootstrap.static_resources.listeners[1];
const chain = (bootstrap: Data) => inner(bootstrap).filter_chains[0];
const allowAny = (bootstrap: Data) => {
  const [names] = outer(bootstrap).http_filters;
  names.typed_config.rules.policies.listed.permissions = [{ any: true }];
};
const greetAny = (bootstrap: Data) => delete chain(bootstrap).filter_chain_match.server_names;

/** A protection that is taken away, and the attack that only it stops. */
export interface Mutant {
  readonly change: (bootstrap: Data) => void;
  readonly attack: { readonly to: string; readonly sni?: string };
}

/** Each is enough for one attack to reach somebody. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  "no list of names, at neither listener": {
    change: (bootstrap) => {
      allowAny(bootstrap);
      greetAny(bootstrap);
    },
    attack: { to: "evil.example:443" },
  },
  "no list of names in the greeting, and no comparison": {
    change: (bootstrap) => {
      greetAny(bootstrap);
      delete chain(bootstrap).filters[2].typed_config.rules.policies.published.condition;
    },
    attack: { to: "api.example.com:443", sni: "evil.example" },
  },
  "no comparison of the two names": {
    change: (bootstrap) => delete chain(bootstrap).filters[2].typed_config.rules.policies.published.condition,
    attack: { to: "api.example.com:443", sni: "eu.partner.example.net" },
  },
  "every address is public": {
    change: (bootstrap) =>
      (chain(bootstrap).filters[2].typed_config.rules.policies.published.permissions = [{ any: true }]),
    attack: { to: "loopback.partner.example.net:443" },
  },
  "no judging at all": {
    change: (bootstrap) => chain(bootstrap).filters.splice(2, 1),
    attack: { to: "loopback.partner.example.net:443" },
  },
  "called before it is judged": {
    change: (bootstrap) => {
      delete chain(bootstrap).filters[3].typed_config.upstream_connect_mode;
      delete chain(bootstrap).filters[3].typed_config.max_early_data_bytes;
    },
    attack: { to: "loopback.partner.example.net:443" },
  },
};

/** Changes that no attack here shows, and that the checklist must see all the same. */
export const QUIET: Readonly<Record<string, (bootstrap: Data) => void>> = {
  "the outer list alone": allowAny,
  "the inner list alone": (bootstrap) => void greetAny(bootstrap),
  "an admin interface": (bootstrap) => (bootstrap.admin = {}),
  "no outer log": (bootstrap) => delete outer(bootstrap).access_log,
  "no inner log": (bootstrap) => delete inner(bootstrap).access_log,
  "a log that leaves lines out": (bootstrap) => (inner(bootstrap).access_log[0].filter = {}),
  "a second listener": (bootstrap) => bootstrap.static_resources.listeners.push({}),
  "an inner listener that others reach": (bootstrap) => {
    delete inner(bootstrap).internal_listener;
    inner(bootstrap).address = { socket_address: { address: "0.0.0.0", port_value: 3129 } };
  },
  "another port": (bootstrap) => (chain(bootstrap).filters[1].typed_config.port_value = 22),
  "a wildcard for everything": (bootstrap) => chain(bootstrap).filter_chain_match.server_names.push("*"),
  "a private block": (bootstrap) => {
    const { rules } =
      chain(bootstrap).filters[2].typed_config.rules.policies.published.permissions[0].or_rules;
    rules[0].matcher.typed_config.upstream_ip = { address_prefix: "10.0.0.0", prefix_len: 8 };
  },
  "another way to connect": (bootstrap) => (chain(bootstrap).filters[3].typed_config.cluster = "tunnel"),
  "tunnels without an end": (bootstrap) =>
    delete chain(bootstrap).filters[3].typed_config.max_downstream_connection_duration,
  "no watchdog": (bootstrap) => delete bootstrap.watchdogs,
};
