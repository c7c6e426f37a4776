import { READING } from "../access/grants/actions";
import { texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { readPolicies } from "../checklist/manifest";
import { data, judgeGateway, list } from "../gateway/read";
import { GATEWAY } from "../gateway/contract";
import { gatewayVariables } from "../policy-store/read";
import type { PolicyDocument } from "../policy/document";
import { halfOf, type Half } from "../policy/halves";
import { opened, type Block, type Plan } from "../terraform/plan";

const TASK = "aws_ecs_task_definition";

/** One task definition of a server that declares itself split. */
interface Piece {
  readonly block: Block;
  /** The whole server's policy, as it was declared. */
  readonly whole: PolicyDocument;
  readonly tools: readonly string[];
  readonly methods: readonly string[];
}

/** What a task definition's gateway lets through, where its server is split. */
function pieceOf(block: Block, plan: Plan): Piece | undefined {
  const containers = list(opened(block.body.container_definitions)).map(data);
  const gateway = containers.find(({ name }) => name === GATEWAY.containers.gateway);
  const policy = data(opened(gateway && gatewayVariables(gateway, plan)[GATEWAY.env.policy]));
  const whole = [...readPolicies(plan.source).values()].find(
    ({ resource, split }) => split !== undefined && resource === policy.resource,
  );
  return whole && { block, whole, tools: Object.keys(data(policy.tools)), methods: texts(policy.methods) };
}

/** The half that a piece is: by its tools, as declared, and nothing that it says of itself. */
function halvesIn({ whole, tools }: Piece): Half[] {
  return [...new Set(tools.map((name) => halfOf(whole.tools[name] ?? { access: "destructive" })))];
}

function judgePiece(block: Block, plan: Plan, judge: (piece: Piece) => Finding): Finding {
  const piece = pieceOf(block, plan);
  return piece ? judge(piece) : HOLDS;
}

const toolsApart: Control = {
  id: "task.split-tools-apart",
  item: 5,
  says: "Where a server is split, each gateway lets only tools of its own half through, and all tools have one",
  why: "The load balancer sorts by a header that the caller writes: what the wrong half serves is no split.",
  on: [TASK],
  judge: (block, plan) => {
    // What cannot be read is no half of anything: a gateway must be there to be judged.
    const readable = judgeGateway(block, () => undefined, plan);
    if (readable.holds !== true) return readable;
    return judgePiece(block, plan, (piece) => {
      const [half, other] = halvesIn(piece);
      if (half === undefined) return fails("its gateway lets no tool through");
      if (other !== undefined) return fails("its gateway lets tools of both halves through");
      const more = piece.methods.filter((method) => method !== "tools/call");
      if (half === "write" && more.length > 0)
        return fails(`its gateway also lets ${more.join(", ")} through`);
      const all = plan.blocks(TASK).flatMap((each) => pieceOf(each, plan) ?? []);
      const own = all.filter(({ whole }) => whole.resource === piece.whole.resource);
      const served = own.flatMap(({ tools }) => tools);
      const missing = Object.keys(piece.whole.tools).find((tool) => !served.includes(tool));
      if (missing !== undefined) return fails(`no half of its server serves ${missing}`);
      return own.length === 2 ? HOLDS : fails(`its server has ${own.length} halves`);
    });
  },
  maps: { owasp: ["MCP02"] },
};

/** The database user decides what such a connection may do. */
const BY_USER = "rds-db:connect";

const readersReadOnly: Control = {
  id: "task.split-readers-read",
  item: 5,
  says: "Where a server is split, the role of the tasks that read lets them do nothing else, and is theirs alone",
  why: "A right to write that the reading code holds is one that it can be talked into using.",
  on: [TASK],
  judge: (block, plan) => {
    const readable = judgeGateway(block, () => undefined, plan);
    if (readable.holds === "unknown") return readable;
    return judgePiece(block, plan, (piece) => {
      if (halvesIn(piece)[0] !== "read") return HOLDS;
      for (const field of ["task_role_arn", "execution_role_arn"]) {
        const role = plan.target(block.body[field]);
        if (!role) return unknown(`its ${field} cannot be read before deployment`);
        const shared = plan
          .blocks(TASK)
          .filter((other) => other !== block && plan.target(other.body[field])?.address === role.address);
        if (shared.length > 0) return fails(`its ${field} is also that of ${String(shared[0]?.body.family)}`);
      }
      const role = plan.target(block.body.task_role_arn) as Block;
      if (plan.referring(role, "aws_iam_role_policy_attachment", "role").length > 0)
        return unknown("its role has policies that stand elsewhere");
      for (const { body } of plan.referring(role, "aws_iam_role_policy", "role")) {
        const policy = opened(body.policy);
        if (policy === undefined) return unknown("its role's policy cannot be read before deployment");
        const wrong = list(data(policy).Statement)
          .map(data)
          .filter(({ Effect }) => Effect === "Allow")
          .flatMap(({ Action, NotAction }) => (NotAction === undefined ? texts(Action) : ["all but some"]))
          .find((action) => action !== BY_USER && !READING.test(action));
        if (wrong !== undefined) return fails(`its role allows ${wrong}`);
      }
      return HOLDS;
    });
  },
  maps: { owasp: ["MCP02"] },
};

/** Controls of servers that are split. */
export const splitControls: readonly Control[] = [toolsApart, readersReadOnly];
