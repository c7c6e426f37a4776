import { goodConfig, goodServer } from "../support/config";
import { arn, key, search, secret } from "./values";

/** A server in two halves with every method, on keys that are given. */
export const split = goodConfig({
  network: {
    kind: "new",
    cidr: "10.40.0.0/20",
    zones: ["eu-west-1a", "eu-west-1b"],
    mirroredKeysOf: ["orders"],
  },
  keys: { kind: "existing", secretsKeyArn: key(1), auditKeyArn: key(2), alarmsKeyArn: key(3) },
  servers: {
    notes: goodServer({
      era: "modern",
      run: {
        ...goodServer().run,
        tasks: { min: 2, max: 4, split: "read-write", rulesFrom: 2050 },
        beside: { agent: { because: "it watches" } },
      },
      limits: { scope: "shared", callsPerMinutePerAddress: 1000 },
      tools: { search, drop: { access: "destructive", callsPerMinute: 5, timeoutSeconds: 10 } },
      clients: {
        assistant: { identity: { kind: "apiKey" }, tools: ["search", "drop"], methods: ["prompts/get"] },
      },
      methods: {
        "prompts/get": {
          allow: ["hello", { startsWith: "team/" }],
          callsPerMinute: 10,
          callsPerMinutePerClient: 5,
          scopes: ["notes:prompts"],
          timeoutSeconds: 20,
          log: true,
          maxValueLength: 500,
        },
        "subscriptions/listen": { allow: ["file:///a", { startsWith: "file:///b/" }], callsPerMinute: 10 },
      },
      secrets: {
        database: {
          kind: "postgres",
          env: "DATABASE_URL",
          host: "db.example.com",
          database: "notes",
          role: "notes",
          users: "alternating",
          adminSecretArn: secret("admin"),
          reach: { prefixList: "pl-0123456789abcdef1" },
          for: "write",
        },
      },
      downstream: {
        database: {
          to: { prefixList: "pl-0123456789abcdef1" },
          port: 5432,
          because: "notes are kept there",
          for: "write",
        },
      },
      grants: {
        Items: {
          kind: "dynamodb",
          tableArn: arn("dynamodb", "table/notes"),
          access: "write",
          deletes: true,
          because: "notes are written and deleted",
        },
      },
    }),
  },
});
