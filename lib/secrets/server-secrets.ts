import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { GATEWAY, keyHashesVariable } from "../gateway/contract";
import type { Deployment } from "../terraform";
import { ManagedSecret } from "./managed-secret";
import type { SecretsModel } from "./model";

/** The secrets of one server, and where they lie. */
export interface ServerSecretsProps {
  readonly on: Deployment;
  readonly slice: SecretsModel;
  /** The server's name. */
  readonly name: string;
  readonly keyArn: string;
}

/** A variable of a container and the field of a secret that fills it, as ECS reads it: `ARN:field::`. */
interface Injected {
  readonly name: string;
  readonly valueFrom: string;
}

/**
 * A server's secrets, without any value in Terraform: the gateway's key pair, one key per client, what the server asked
 * for. The gateway gets the hashes of clients' keys, never a key.
 */
export class ServerSecrets extends Construct {
  /** For the gateway's container. */
  public readonly gateway: readonly Injected[];
  /** For the server's container. */
  public readonly server: readonly Injected[];
  /** What ECS must be able to read and decrypt. */
  public readonly readable: readonly { readonly arn: string; readonly keyArn: string | undefined }[];
  /** By the client's name. */
  public readonly clientKeyArns: Readonly<Record<string, string>>;
  /** What must be there before a task starts. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ServerSecretsProps) {
    super(scope, id);
    const { on, slice, name, keyArn } = props;
    // By its name, because the role itself waits for the secrets.
    const execution = on.account.globalArn("iam", `role${on.iam.path}${on.naming.name(`${name}-execution`)}`);
    const make = (child: string, description: string, readers: readonly string[] = []): ManagedSecret =>
      new ManagedSecret(this, child, {
        on,
        name: `${name}/${child}`,
        description,
        keyArn,
        recoveryDays: slice.recoveryDays,
        readers: [execution, ...readers],
      });

    const tls = make("tls", `Key pair of the gateway of ${name}`);
    const clients = slice.clientKeys.map(
      (client) =>
        [
          client,
          make(`client-${client.name}`, `Key of the client ${client.name} of ${name}`, client.readers),
        ] as const,
    );
    const generated = slice.generated.map(
      (secret) => [secret, make(`own-${secret.name}`, `${secret.name} of the server ${name}`)] as const,
    );

    this.gateway = [
      { name: GATEWAY.env.tlsCertificate, valueFrom: `${tls.arn}:certificate::` },
      { name: GATEWAY.env.tlsKey, valueFrom: `${tls.arn}:key::` },
      ...clients.map(([client, { arn }]) => ({
        name: keyHashesVariable(client.name),
        valueFrom: `${arn}:hashes::`,
      })),
    ];
    this.server = [
      ...generated.map(([{ env }, { arn }]) => ({ name: env, valueFrom: `${arn}:current::` })),
      ...slice.existing.map(({ env, arn, field }) => ({
        name: env,
        valueFrom: field === undefined ? arn : `${arn}:${field}::`,
      })),
    ];
    const made = [tls, ...clients.map(([, secret]) => secret), ...generated.map(([, secret]) => secret)];
    this.readable = [
      ...made.map(({ arn }) => ({ arn, keyArn })),
      ...slice.existing.map(({ arn, keyArn: key }) => ({ arn, keyArn: key })),
    ];
    this.clientKeyArns = Object.fromEntries(clients.map(([client, { arn }]) => [client.name, arn]));
    this.ready = made.map(({ policy }) => policy);
  }
}
