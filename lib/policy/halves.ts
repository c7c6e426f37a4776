import type { ClientPolicy, PolicyDocument, ToolPolicy } from "./document";

/** Half of a server whose tools run in two services: those that only read, and those that write or destroy. */
export type Half = "read" | "write";

/** Which half something is for. */
export type HalfOrBoth = Half | "both";

/** What can be given to one half of a split server. */
export interface OfHalf {
  /**
   * Which tasks get it: those of the tools that read, those of the others, or both. Required where `run.tasks.split` is
   * set, because a guess would give too much or break the server; refused where it is not.
   */
  readonly for?: HalfOrBoth;
}

/** The half that a tool runs in. */
export function halfOf({ access }: Pick<ToolPolicy, "access">): Half {
  return access === "read" ? "read" : "write";
}

/** Whether a half gets what is for this. */
export function isFor(what: HalfOrBoth, half: Half): boolean {
  return what === "both" || what === half;
}

/**
 * Name of a half in those of resources. The half that reads keeps the server's, so that splitting a server moves nothing;
 * names of servers have no `_`, so the other's is nobody else's.
 */
export function halfName(server: string, half: Half): string {
  return half === "read" ? server : `${server}_write`;
}

/**
 * What one half's gateway lets through: calls of its own tools and of no other, whatever a header said on the way to it.
 * Everything that is no call (`server/discover`, `tools/list`, what `methods` opens) is answered by the half that reads. Clients without a tool
 * are unknown to the half that writes; the other one still lists for them.
 */
export function halfPolicy(policy: PolicyDocument, half: Half): PolicyDocument {
  const tools = Object.fromEntries(Object.entries(policy.tools).filter(([, tool]) => halfOf(tool) === half));
  const { split: _split, openedMethods, ...rest } = policy;
  return {
    ...rest,
    ...(half === "write" && { version: 1 as const }),
    half,
    methods: half === "write" ? policy.methods.filter((method) => method === "tools/call") : policy.methods,
    clients: Object.fromEntries(
      Object.entries(policy.clients)
        .map(([name, client]): [string, ClientPolicy] => [
          name,
          {
            ...(half === "read" ? client : withoutMethods(client)),
            tools: client.tools.filter((tool) => Object.hasOwn(tools, tool)),
          },
        ])
        .filter(([, client]) => half === "read" || client.tools.length > 0),
    ),
    tools,
    ...(half === "read" && openedMethods && { openedMethods }),
    ...(half === "read" && { listed: elsewhere(policy) }),
    windows: Object.fromEntries(
      Object.entries(policy.windows).filter(([name]) =>
        Object.values(tools).some((tool) => tool.window === name),
      ),
    ),
  };
}

function withoutMethods({ methods: _, ...client }: ClientPolicy): ClientPolicy {
  return client;
}

/** What each client may call in the half that writes. */
function elsewhere({ clients, tools }: PolicyDocument): NonNullable<PolicyDocument["listed"]> {
  return Object.fromEntries(
    Object.entries(clients).flatMap(([client, its]) => {
      const written = its.tools.flatMap((name): [string, readonly string[]][] => {
        const tool = tools[name];
        return tool === undefined || halfOf(tool) === "read" ? [] : [[name, tool.scopes]];
      });
      return written.length === 0 ? [] : [[client, Object.fromEntries(written)]];
    }),
  );
}
