import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { attachChecklist } from "./checklist/validation";
import type { HardenedMcpConfig } from "./config";
import { resolveHardenedMcp } from "./model";
import { McpPlatform } from "./platform";
import { McpServer } from "./server";
import { inheritedTags } from "./tags/inherited";
import { isToken } from "./terraform";
import { useProvider } from "./terraform/providers";
import { moveAsReleased } from "./upgrade/releases";

/**
 * A whole deployment from one configuration: a platform and its servers. Makes no provider, backend or output;
 * works in any `TerraformStack` with an `aws` provider.
 */
export class HardenedMcp extends Construct {
  public readonly platform: McpPlatform;
  /** By the names of the configuration. */
  public readonly servers: Readonly<Record<string, McpServer>>;

  /** @throws ConfigurationError with every problem of the configuration; nothing is made then */
  public constructor(scope: Construct, id: string, config: HardenedMcpConfig) {
    super(scope, id);
    const { model, warnings } = resolveHardenedMcp(config, isToken, inheritedTags(this, config));
    for (const warning of warnings) Annotations.of(this).addWarning(warning);
    useProvider(this, config.providers?.default);
    this.platform = new McpPlatform(this, "platform", config, model.platform);
    const { attributes, deployment } = this.platform;
    this.servers = Object.fromEntries(
      model.servers.map((server) => {
        const { name } = server;
        const entry = config.servers[name];
        if (entry === undefined) throw new Error(`server ${name} was resolved from nothing`);
        const own = { ...entry, name, platform: attributes };
        return [name, new McpServer(this, `server-${name}`, own, { model: server, on: deployment })];
      }),
    );
    moveAsReleased(this, "HardenedMcp");
    attachChecklist(this);
  }
}
