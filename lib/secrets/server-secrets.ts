import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { GATEWAY, keyHashesVariable } from "../gateway/contract";
import { halfName, isFor, type Half, type HalfOrBoth } from "../policy/halves";
import type { StoreUserSettings } from "../runtime/rotation-env";
import { executionRoleName } from "../task/role-names";
import type { Statement } from "../terraform";
import { DatabaseWay } from "./database-way";
import type { WatchedSecret } from "./delivery/age-definition";
import { AgeWatch } from "./delivery/age-watch";
import { DAILY, type DeliveryModel } from "./delivery/model";
import { scheduleOf } from "./delivery/schedule";
import { ManagedSecret } from "./managed-secret";
import type { SecretsModel } from "./model";
import { RotationFunction, type RotationFunctionProps } from "./rotation-function";
import { rotationRoleArn } from "./rotation-role";
import { RotationSurroundings, type RotationSurroundingsProps } from "./rotation-surroundings";
import { writerRole } from "./writer-role";

/** The secrets of one server, and where they lie and change. */
export interface ServerSecretsProps extends Omit<RotationSurroundingsProps, "server"> {
  readonly slice: SecretsModel;
  /** When values change, and whether their age is watched. @default at any time, once a day, unwatched */
  readonly delivery?: DeliveryModel;
  /** The server's name. */
  readonly name: string;
  /** What is for which half of a split server. @default everything is for its one service */
  readonly halves?: SecretHalves;
  /**
   * Roles of somebody else by which its tasks are started: each secret's own policy gives them the right to read it.
   * @default the execution roles of ours, by rights of their own
   */
  readonly starters?: readonly string[];
  /** The user of a store of limits that is made for it. @default none */
  readonly storeUser?: WantedStoreUser;
}

/** Whose password is to be made and changed, from `StoreUser`. */
export interface WantedStoreUser {
  readonly settings: StoreUserSettings;
  readonly rights: readonly Statement[];
  /** Group of the endpoint through which it is changed. */
  readonly securityGroupId: string;
  readonly ready: readonly ITerraformDependable[];
  readonly rotateDays: number;
}

/** A secret to be made, and how its values come about. */
interface Wanted extends Pick<
  RotationFunctionProps,
  "kind" | "settings" | "administrator" | "rights" | "way"
> {
  readonly description: string;
  readonly rotateDays: number;
  readonly readers?: readonly string[];
  /** Which half of a split server it is for. */
  readonly of: HalfOrBoth;
}

/** Which half of a split server gets what. The gateway's key pair is for both. */
export interface SecretHalves {
  /** By the secret's name. */
  readonly secretsFor: Readonly<Record<string, HalfOrBoth>>;
  /** Clients that may call a tool that writes: the other half knows no other. */
  readonly writers: readonly string[];
}

/** A secret that ECS reads. */
interface Readable {
  readonly of: HalfOrBoth;
  readonly arn: string;
  readonly keyArn: string | undefined;
}

/** A secret that was made. */
interface Made extends Readable {
  readonly ready: readonly ITerraformDependable[];
}

/** The secrets of one service of a server. */
export interface PartSecrets {
  /** For the gateway's container. */
  readonly gateway: readonly Injected[];
  /** For the server's container. */
  readonly server: readonly Injected[];
  /** What ECS must be able to read and decrypt. */
  readonly readable: readonly { readonly arn: string; readonly keyArn: string | undefined }[];
  /** What must be there before a task starts: every value, and who may read it. */
  readonly ready: readonly ITerraformDependable[];
  /**
   * ARNs whose rotation concerns it, as an event pattern writes them: by the server's own prefix, because a pattern has
   * room for a dozen whole ARNs.
   */
  readonly heard: readonly (string | { readonly prefix: string })[];
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
  /** For the server's service; of a split server for the one that reads. */
  public readonly main: PartSecrets;
  /** For the other service of a split server. */
  public readonly writing: PartSecrets | undefined;
  /** By the client's name. */
  public readonly clientKeyArns: Readonly<Record<string, string>>;
  /** Role that an outsider takes on to write a secret, by the secret's name. */
  public readonly writerRoleArns: Readonly<Record<string, string>>;
  /** Login to the store of limits, where it is made here: the secret, and its first value. */
  public readonly storeLogin: { readonly arn: string; readonly seeded: ITerraformDependable } | undefined;
  /** Every value that is made here, and who may read it. */
  public readonly ready: readonly ITerraformDependable[];
  /** For what else takes care of these secrets. */
  public readonly surroundings: RotationSurroundings;

  public constructor(scope: Construct, id: string, props: ServerSecretsProps) {
    super(scope, id);
    const { on, slice, name, keyArn, delivery = DAILY, halves, starters } = props;
    const forOf = (secret: string): HalfOrBoth => (halves ? (halves.secretsFor[secret] ?? "write") : "both");
    const surroundings = (this.surroundings = new RotationSurroundings(this, "rotation", {
      ...props,
      server: name,
    }));
    // By their names, because the roles themselves wait for the secrets.
    const executions = (of: HalfOrBoth) =>
      (["read", "write"] as const)
        .filter((half) => !starters && isFor(of, half) && (half === "read" || halves))
        .map((half) => on.naming.name(executionRoleName(halfName(name, half))))
        .map((role) => on.account.globalArn("iam", `role${on.iam.path}${role}`));
    const made: Made[] = [];
    const watched: WatchedSecret[] = [];
    const make = (
      child: string,
      { description, rotateDays, readers = [], of, ...wanted }: Wanted,
    ): { readonly arn: string; readonly seeded: ITerraformDependable } => {
      const schedule = scheduleOf(rotateDays, delivery.window);
      // Names of servers have no `_`: no two secrets meet, whatever they are called.
      const rotation = `${name}_${child}_rotation`;
      const { arn, policy } = new ManagedSecret(this, child, {
        on,
        name: `${name}/${child}`,
        description,
        keyArn,
        recoveryDays: slice.recoveryDays,
        ours: [...executions(of), rotationRoleArn(on, rotation)],
        writer: rotationRoleArn(on, rotation),
        readers: [...(starters ?? []), ...readers],
      });
      const { seeded } = new RotationFunction(this, `${child}-rotation`, {
        on,
        name: rotation,
        secretArn: arn,
        surroundings,
        schedule,
        ...wanted,
      });
      made.push({ of, arn, keyArn, ready: [policy, seeded] });
      if (delivery.watched)
        watched.push({ name: `${name}/${child}`, arn, lateAfterDays: schedule.lateAfterDays });
      return { arn, seeded };
    };

    const { arn: tlsArn } = make("tls", {
      description: `Key pair of the gateway of ${name}`,
      of: "both",
      kind: "tls-certificate",
      settings: { name: `${name}.${on.naming.prefix}.internal`, days: slice.tls.validDays },
      rotateDays: slice.tls.rotateDays,
    });
    const ofClient = (client: string): HalfOrBoth =>
      halves?.writers.includes(client) === false ? "read" : "both";
    const clients = slice.clientKeys.map(({ name: client, readers, rotateDays }) => ({
      of: ofClient(client),
      client,
      arn: make(`client-${client}`, {
        of: ofClient(client),
        description: `Key of the client ${client} of ${name}`,
        readers,
        kind: "client-key",
        settings: { client },
        rotateDays,
      }).arn,
    }));
    const generated = slice.generated.map(({ name: own, env, field, settings, rotateDays }) => ({
      of: forOf(own),
      env,
      field,
      arn: make(`own-${own}`, {
        of: forOf(own),
        description: `${own} of the server ${name}`,
        kind: "generated",
        settings,
        rotateDays,
      }).arn,
    }));
    const databases = slice.databases.map(({ name: own, env, inject, kind, settings, ...database }) => ({
      of: forOf(own),
      env,
      field: inject === "json" ? undefined : inject,
      arn: make(`own-${own}`, {
        of: forOf(own),
        description: `Login of the server ${name} to ${own}`,
        kind,
        settings,
        rotateDays: database.rotateDays,
        administrator: { secretArn: settings.adminSecretArn, keyArn: database.adminKeyArn },
        way: new DatabaseWay(this, `own-${own}_way`, {
          on,
          name: `${name}_own-${own}_rotation`,
          what: `${own} of ${name}`,
          to: database.reach,
          port: settings.port,
          surroundings,
        }),
      }).arn,
    }));
    this.storeLogin = props.storeUser && make("limits", this.loginOf(props.storeUser, props));
    this.writerRoleArns = Object.fromEntries(
      slice.existing.flatMap(({ name: own, arn, keyArn: key, writer }) =>
        writer === undefined
          ? []
          : [
              [
                own,
                writerRole(this, `${own}_writer`, {
                  on,
                  name: `${name}_${own}_writer`,
                  secretArn: arn,
                  keyArn: key,
                  ...writer,
                }).arn,
              ],
            ],
      ),
    );

    for (const { name: own, arn, writer } of slice.existing)
      if (writer !== undefined) watched.push({ name: own, arn, lateAfterDays: writer.maxAgeDays });
    if (watched.length > 0) {
      new AgeWatch(this, "age", {
        on,
        server: name,
        secrets: watched,
        keyArn,
        topicArn: props.topicArn,
        deadLetters: surroundings.deadLetters,
      });
    }

    const existing = slice.existing.map(({ name: own, ...rest }) => ({ ...rest, of: forOf(own) }));
    const part = (half: Half): PartSecrets => {
      const own = <T extends { readonly of: HalfOrBoth }>(all: readonly T[]) =>
        all.filter(({ of }) => isFor(of, half));
      return {
        gateway: [
          { name: GATEWAY.env.tlsCertificate, valueFrom: `${tlsArn}:certificate::` },
          { name: GATEWAY.env.tlsKey, valueFrom: `${tlsArn}:key::` },
          ...own(clients).map(({ client, arn }) => ({
            name: keyHashesVariable(client),
            valueFrom: `${arn}:hashes::`,
          })),
        ],
        server: own([...generated, ...databases, ...existing]).map(({ env, arn, field }) => ({
          name: env,
          valueFrom: field === undefined ? arn : `${arn}:${field}::`,
        })),
        readable: own<Readable>([...made, ...existing]).map(({ arn, keyArn: key }) => ({ arn, keyArn: key })),
        ready: own(made).flatMap(({ ready }) => ready),
        heard: [
          { prefix: on.account.arn("secretsmanager", `secret:${on.naming.prefix}/${name}/`) },
          ...own(existing).map(({ arn }) => arn),
        ],
      };
    };
    this.main = part("read");
    this.writing = halves && part("write");
    this.clientKeyArns = Object.fromEntries(clients.map(({ client, arn }) => [client, arn]));
    this.ready = made.flatMap(({ ready }) => ready);
  }

  /** The login of a store's user, which the services of both halves count by. */
  private loginOf(user: WantedStoreUser, { on, name }: ServerSecretsProps): Wanted {
    const { settings, rights, rotateDays } = user;
    const way = new DatabaseWay(this, "limits_way", {
      on,
      name: `${name}_limits_rotation`,
      what: `the store of limits of ${name}`,
      to: { securityGroupId: user.securityGroupId },
      port: 443,
      surroundings: this.surroundings,
    });
    return {
      of: "both",
      description: `Login of the gateways of ${name} to the store of their limits`,
      kind: "store-user",
      settings,
      rights,
      rotateDays,
      way: { securityGroupId: way.securityGroupId, ready: [...way.ready, ...user.ready] },
    };
  }
}
