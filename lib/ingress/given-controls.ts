import { blocksOf } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { isExpression, type Block } from "../terraform/plan";
import {
  balancerDemands,
  BALANCER_DEMANDS,
  LISTENER_DEMANDS,
  listenerDemands,
  type Demand,
} from "./given-demands";

const NOWHERE = { internal: true, vpcId: "", idleSeconds: 0, securityGroupId: "" };

/** What has to stand in the file: the fixed demands word by word, the others by what they compare. */
const EXPECTED = {
  aws_lb: { fixed: BALANCER_DEMANDS, all: balancerDemands(NOWHERE) },
  aws_lb_listener: { fixed: LISTENER_DEMANDS, all: listenerDemands({ arn: "" }) },
} as const;

const LISTENER = "aws_lb_listener";
const ELSEWHERE = "its listener is judged where it is made or read, which is not in this file";

const judgedAtPlan = ofOurs({
  id: "ingress.given-judged-at-plan",
  item: 12,
  says: "A listener that is not made here, and its load balancer, are read at every plan, which stops where they are not fit",
  why: "Somebody else may change them: in clear, past the firewall or with an old TLS policy, and nothing here would show it.",
  on: ["aws_lb_listener_rule"],
  judge: ({ body }, plan) => {
    const listener = plan.target(body.listener_arn);
    if (listener === undefined)
      return isExpression(body.listener_arn) || typeof body.listener_arn === "string"
        ? unknown(ELSEWHERE)
        : fails("it is of no listener");
    if (listener.mode === "resource") return HOLDS;
    if (listener.type !== LISTENER) return unknown(ELSEWHERE);
    const balancers = plan.all.filter(({ mode, type }) => mode === "data" && type === "aws_lb");
    const read = balancers.filter(({ body: { arn } }) => comparesArn(listener, arn));
    if (read.length === 0)
      return fails("its listener is read, and not held against a load balancer that is read");
    const missing = [listener, ...read].flatMap(lacking);
    return missing.length === 0 ? HOLDS : fails(`no plan stops at another ${missing.join(", ")}`);
  },
});

function comparesArn(listener: Block, arn: unknown): boolean {
  const text = JSON.stringify(arn);
  // As a text, and as what becomes one at deployment.
  const forms = [text, `join("", [${/^"\$\{(.*)\}"$/.exec(text)?.[1] ?? text}])`];
  const written = conditionsOf(listener);
  return forms.some((form) => written.includes(`\${self.load_balancer_arn == ${form}}`));
}

function lacking(block: Block): string[] {
  const { fixed, all } = EXPECTED[block.type as keyof typeof EXPECTED];
  const written = conditionsOf(block);
  return all
    .filter((demand) => !written.some((one) => isDemanded(one, demand, fixed)))
    .map(({ attribute }) => attribute);
}

function isDemanded(written: string, { attribute, condition }: Demand, fixed: readonly Demand[]): boolean {
  if (fixed.some((one) => one.attribute === attribute)) return written === `\${${condition}}`;
  const begins = [`\${self.${attribute} == `, `\${contains(self.${attribute}, `];
  // Compared with itself, anything is as it should be.
  return begins.some((begin) => written.startsWith(begin) && !written.slice(begin.length).includes("self."));
}

function conditionsOf({ body }: Block): string[] {
  const [lifecycle] = blocksOf(body.lifecycle);
  return blocksOf(lifecycle?.postcondition).flatMap(({ condition }) =>
    typeof condition === "string" ? [condition] : [],
  );
}

/** What must hold of a load balancer that is there already. */
export const givenControls: readonly Control[] = [judgedAtPlan];
