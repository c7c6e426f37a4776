import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { answered, planned, settled, unchanged } from "./invent";
import { decode, encode, type Value } from "./msgpack";
import type { Block, NestedBlock, ProviderSchema, Schema } from "./schema";

/** A provider that runs inside this process. */
export interface FakeProvider {
  /** Its entry for the environment variable TF_REATTACH_PROVIDERS. */
  readonly reattach: Record<string, unknown>;
  stop(): void;
}

const NESTING: Record<NestedBlock["nesting_mode"], number> = { single: 1, list: 2, set: 3, map: 4 };

/**
 * Serves schemas to Terraform as the provider at `source` (`registry.terraform.io/hashicorp/aws`): accepts what
 * fits them, keeps what it is given as the state, and invents what a real provider would compute.
 */
export async function serveSchema(
  source: string,
  schema: ProviderSchema,
  answers: Answers = {},
): Promise<FakeProvider> {
  const definition = loadSync(join(__dirname, "provider.proto"), { keepCase: true, longs: Number });
  const loaded = grpc.loadPackageDefinition(definition) as unknown as {
    tfplugin5: { Provider: { service: grpc.ServiceDefinition } };
  };
  const server = new grpc.Server({
    "grpc.max_send_message_length": -1,
    "grpc.max_receive_message_length": -1,
  });
  server.addService(loaded.tfplugin5.Provider.service, implementation(schema, answers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const reattach = {
    Protocol: "grpc",
    ProtocolVersion: 5,
    Pid: process.pid,
    // Says that Terraform must not end the process when it is done.
    Test: true,
    Addr: { Network: "tcp", String: `127.0.0.1:${port}` },
  };
  return { reattach: { [source]: reattach }, stop: () => server.forceShutdown() };
}

/** What data sources answer, by type and attribute, in place of what is invented. */
export type Answers = Readonly<Record<string, Readonly<Record<string, Value>>>>;

interface Encoded {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}
type Request = { readonly type_name: string } & Record<
  "config" | "prior_state" | "proposed_new_state" | "planned_state" | "current_state" | "raw_state",
  Encoded
>;

function implementation(schema: ProviderSchema, answers: Answers): grpc.UntypedServiceImplementation {
  let count = 0;
  const resource = (request: Request) => known(schema.resource_schemas, request.type_name).block;
  const data = (request: Request) => known(schema.data_source_schemas, request.type_name).block;
  const methods: Record<string, (request: Request) => object> = {
    GetSchema: () => ({
      provider: schemaMessage(schema.provider),
      resource_schemas: mapValues(schema.resource_schemas, schemaMessage),
      data_source_schemas: mapValues(schema.data_source_schemas, schemaMessage),
    }),
    PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),
    ValidateResourceTypeConfig: () => ({}),
    ValidateDataSourceConfig: () => ({}),
    Configure: () => ({}),
    Stop: () => ({}),
    UpgradeResourceState: ({ raw_state }) => ({ upgraded_state: { json: raw_state.json } }),
    ReadResource: ({ current_state }) => ({ new_state: current_state }),
    PlanResourceChange: (request) => {
      const proposed = read(request.proposed_new_state);
      if (proposed === null) return { planned_state: request.proposed_new_state };
      const plan = read(request.prior_state) === null ? planned : unchanged;
      return { planned_state: write(plan(resource(request), proposed)), legacy_type_system: true };
    },
    ApplyResourceChange: (request) => {
      const plan = read(request.planned_state);
      if (plan === null) return { new_state: request.planned_state };
      const state = settled(resource(request), plan, `${request.type_name}-${++count}`);
      return { new_state: write(state), legacy_type_system: true };
    },
    ReadDataSource: (request) => ({
      state: write(
        Object.assign(
          answered(data(request), read(request.config), `data-${request.type_name}`) as object,
          answers[request.type_name],
        ) as Value,
      ),
    }),
  };
  return mapValues(methods, unary);
}

function unary(method: (request: Request) => object): grpc.handleUnaryCall<Request, object> {
  return (call, callback) => {
    try {
      callback(null, method(call.request));
    } catch (error) {
      callback({ code: grpc.status.INTERNAL, message: String(error) });
    }
  };
}

function known(schemas: Record<string, Schema>, type: string): Schema {
  const schema = schemas[type];
  if (schema === undefined) throw new Error(`no schema of ${type}`);
  return schema;
}

function read(value: Encoded): Value {
  if (value.msgpack !== undefined && value.msgpack.length > 0) return decode(value.msgpack);
  if (value.json === undefined || value.json.length === 0) return null;
  return JSON.parse(Buffer.from(value.json).toString("utf8")) as Value;
}

function write(value: Value): Encoded {
  return { msgpack: encode(value) };
}

function schemaMessage({ version, block }: Schema): object {
  return { version, block: blockMessage(block) };
}

function blockMessage(block: Block): object {
  return {
    attributes: Object.entries(block.attributes ?? {}).map(([name, attribute]) => ({
      ...attribute,
      name,
      type: Buffer.from(JSON.stringify(attribute.type)),
    })),
    block_types: Object.entries(block.block_types ?? {}).map(([type_name, nested]) => ({
      type_name,
      block: blockMessage(nested.block),
      nesting: NESTING[nested.nesting_mode],
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
    })),
  };
}

function mapValues<A, B>(values: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
