import { blockAt, blocksOf, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { FILTERS } from "../gateway/envoy/types";
import { data, judgeGateway, type WrittenGateway } from "../gateway/read";
import { MIRROR_ENV, MIRROR_OBJECT } from "../runtime/mirror-env";
import { opened, type Block, type Plan } from "../terraform/plan";

/** Where a gateway reads an issuer's keys that are not in its file. */
export function remotesOf(gateway: WrittenGateway): Fields[] {
  const jwt = gateway.filters.find(({ name }) => name === FILTERS.jwt)?.config;
  return Object.values(data(jwt?.providers))
    .map((provider) => data(provider).remote_jwks)
    .filter((remote) => remote !== undefined)
    .map(data);
}

const uriOf = (remote: Fields) => String(data(remote.http_uri).uri);
/** Host that keys are read from, or the reference that stands for it; nothing without TLS. */
export const hostOf = (remote: Fields) => /^https:\/\/(\$\{[^}]*\}|[^/]+)\//.exec(uriOf(remote))?.[1];

/** A task whose gateway reads mirrored keys, where they lie, and what copies them. */
export interface Mirror {
  readonly task: Block;
  readonly bucket: Block;
  readonly function: Block;
}

/** A control of the bucket, and the function that fills it, behind every gateway with remote keys. */
export function ofMirror(
  control: Pick<Control, "id" | "item" | "says" | "why" | "maps"> & {
    judge: (mirror: Mirror, plan: Plan) => Finding;
  },
): Control {
  return {
    ...control,
    on: ["aws_ecs_task_definition"],
    judge: (task, plan) => {
      let remotes: Fields[] = [];
      const readable = judgeGateway(task, (gateway) => void (remotes = remotesOf(gateway)), plan);
      if (readable.holds !== true) return readable;
      for (const remote of remotes) {
        const bucket = plan.target(hostOf(remote));
        if (!bucket) return unknown("where keys are read is not a bucket of this stack");
        const own = plan
          .blocks("aws_lambda_function")
          .find(({ body }) => isOf(blockAt(body.environment, "variables")[MIRROR_ENV.bucket], bucket, plan));
        if (!own) return fails("nothing copies the issuer's keys");
        const finding = control.judge({ task, bucket, function: own }, plan);
        if (finding.holds !== true) return finding;
      }
      return HOLDS;
    },
  };
}

/** Whether a value refers to a block. */
export const isOf = (reference: unknown, block: Block, plan: Plan) =>
  plan.target(reference)?.address === block.address;

/** Statements of the bucket's policy. */
export function statementsOf(bucket: Block, plan: Plan): readonly Fields[] {
  return plan
    .referring(bucket, "aws_s3_bucket_policy", "bucket")
    .flatMap(({ body }) => blocksOf(blockAt(opened(body.policy)).Statement));
}

/** ARN of a bucket's keys. */
export const objectOf = (bucket: Block) => `\${${bucket.address}.arn}/${MIRROR_OBJECT}`;

/** Minutes of a schedule's `rate(15 minutes)`. */
export function minutesOf({ body }: Block): number | undefined {
  const rate = /^rate\((\d+) minutes?\)$/.exec(String(body.schedule_expression));
  return rate ? Number(rate[1]) : undefined;
}
