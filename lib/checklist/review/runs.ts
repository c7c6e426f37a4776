import { blocksOf, texts } from "../../audit/read";
import { GATEWAY } from "../../gateway/contract";
import { LIMITS } from "../../limits/contract";
import { opened, type Plan } from "../../terraform/plan";
import { setOf, type Tree } from "./leaves";

/** What a server's task always runs: the policy tells the rest of these. */
const OURS: readonly string[] = [...Object.values(GATEWAY.containers), LIMITS.name];

/** By the task's family: the containers that run there beside gateway and server. Families without any are left out. */
export function besideIn(plan: Plan): Tree {
  return Object.fromEntries(
    plan.blocks("aws_ecs_task_definition").flatMap(({ body, address }) => {
      const names = blocksOf(opened(body.container_definitions))
        .flatMap(({ name }) => texts(name))
        .filter((name) => !OURS.includes(name));
      return names.length === 0 ? [] : [[texts(body.family)[0] ?? address, setOf(names)]];
    }),
  );
}
