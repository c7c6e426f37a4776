import { blocksOf, type Fields } from "../audit/read";
import { opened, type Block } from "../terraform/plan";
import { LIMITS } from "./contract";

/** The container of a task definition that counts exact limits. */
export function countingOf(definition: Block | undefined): Fields | undefined {
  return blocksOf(opened(definition?.body.container_definitions)).find(({ name }) => name === LIMITS.name);
}

/** A variable of a container's environment, as text. */
export function variableOf(container: Fields | undefined, name: string): string {
  return String(blocksOf(container?.environment).find((one) => one.name === name)?.value);
}
