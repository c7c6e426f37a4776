import { blocksOf, texts } from "../../audit/read";
import { OWN_CONTAINERS } from "../../task/own-containers";
import { opened, type Plan } from "../../terraform/plan";
import { setOf, type Tree } from "./leaves";

/** By the task's family: the containers that run there beside ours, of which the policy tells. Families without any are left out. */
export function besideIn(plan: Plan): Tree {
  return Object.fromEntries(
    plan.blocks("aws_ecs_task_definition").flatMap(({ body, address }) => {
      const names = blocksOf(opened(body.container_definitions))
        .flatMap(({ name }) => texts(name))
        .filter((name) => !OWN_CONTAINERS.includes(name));
      return names.length === 0 ? [] : [[texts(body.family)[0] ?? address, setOf(names)]];
    }),
  );
}
