import { hopOf } from "./hops";
import type { Mutation } from "./mutations";

/** Mutations that ask the same question: same hop, type, path without indexes, and kind. */
export interface MutationClass {
  readonly key: string;
  readonly hop: string;
  readonly first: Mutation;
  /** Another one, where there is any. */
  readonly second: Mutation | undefined;
}

/** `gateway aws_ecs_task_definition.container_definitions:[gateway].user remove` */
export function keyOf(mutation: Mutation): string {
  return `${hopOf(mutation)} ${mutation.type}.${mutation.label} ${mutation.kind}`;
}

/** Groups mutations, in the order in which their first ones come. */
export function classesOf(mutations: Iterable<Mutation>): MutationClass[] {
  const known = new Map<string, MutationClass>();
  for (const mutation of mutations) {
    const key = keyOf(mutation);
    const before = known.get(key);
    if (before === undefined)
      known.set(key, { key, hop: hopOf(mutation), first: mutation, second: undefined });
    else known.set(key, { ...before, second: mutation });
  }
  return [...known.values()];
}
