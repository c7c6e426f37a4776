import type { Control } from "../../lib/checklist/control";
import { judgePlan } from "../../lib/checklist/engine";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import type { Mode } from "../../lib/terraform/written";
import { mutate, type Mutation } from "./mutations";

/** Waivers of the examples hold on this day. */
const asOf = "2026-01-01";

/** Finds out which control, if any, fails on a changed file and did not on the file itself. */
export class Judge {
  /** Controls by the attributes that they have read, as `ADDRESS attribute`. */
  private readonly readers = new Map<string, Control[]>();
  private readonly failedBefore = new Map<string, ReadonlySet<string>>();
  private readonly failed = new Set<string>();

  public constructor(
    private readonly file: TerraformJson,
    private readonly controls: readonly Control[],
  ) {
    const costs = new Map<Control, number>();
    const reads = controls.map((control) => {
      const started = performance.now();
      const read = this.trace(control);
      costs.set(control, performance.now() - started);
      return [control, read] as const;
    });
    // The cheapest first: one that fails is enough.
    for (const [control, read] of reads.sort(([a], [b]) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0)))
      for (const place of read) this.readers.set(place, [...(this.readers.get(place) ?? []), control]);
  }

  /**
   * A verdict is a function of what it reads: only controls that have read the attribute, or which attributes there are,
   * can change theirs. Each gets a plan of its own, so that nothing which another has computed hides what it reads.
   */
  private trace(control: Control): ReadonlySet<string> {
    const plan = new Plan({ ...this.file });
    const read = new Set<string>();
    for (const block of plan.all) {
      const id = idOf(block.mode, block.type, block.name);
      const body = new Proxy(block.body, {
        get: (target, key) => {
          read.add(`${id} ${String(key)}`);
          return Reflect.get(target, key) as unknown;
        },
        has: (target, key) => {
          read.add(`${id} ${String(key)}`);
          return Reflect.has(target, key);
        },
        ownKeys: (target) => {
          for (const key of Object.keys(target)) read.add(`${id} ${key}`);
          return Reflect.ownKeys(target);
        },
      });
      Object.defineProperty(block, "body", { value: body });
    }
    this.failedBefore.set(control.id, failuresOf(control, plan));
    return read;
  }

  /** Id of the first control that catches a mutation. */
  public caughtBy(mutation: Mutation): string | undefined {
    const candidates = this.candidates(mutation);
    // What is read at a plan some controls look for in the file itself, where nobody sees them reading.
    const others =
      mutation.section === "data" ? this.controls.filter((one) => !candidates.includes(one)) : [];
    if (candidates.length + others.length === 0) return undefined;
    const plan = new Plan(mutate(this.file, mutation));
    return [...candidates, ...others].find((control) => this.fails(control, plan))?.id;
  }

  /** Finds out which controls a mutation makes fail, of those that no other has. */
  public wake(mutation: Mutation): void {
    const candidates = this.candidates(mutation).filter(({ id }) => !this.failed.has(id));
    if (candidates.length === 0) return;
    const plan = new Plan(mutate(this.file, mutation));
    for (const control of candidates) if (this.fails(control, plan)) this.failed.add(control.id);
  }

  /** Ids of controls that no mutation has woken. */
  public get idle(): readonly string[] {
    return [...this.failedBefore.keys()].filter((id) => !this.failed.has(id)).sort();
  }

  private candidates({ section, type, name, path }: Mutation): readonly Control[] {
    return this.readers.get(`${idOf(section, type, name)} ${String(path[0])}`) ?? [];
  }

  private fails(control: Control, plan: Plan): boolean {
    const before = this.failedBefore.get(control.id);
    return [...failuresOf(control, plan)].some((address) => before?.has(address) !== true);
  }
}

function failuresOf(control: Control, plan: Plan): ReadonlySet<string> {
  return new Set(
    judgePlan(plan, [control], { asOf })
      .filter(({ result }) => result === "fail")
      .map(({ address = "" }) => address),
  );
}

function idOf(mode: Mode, type: string, name: string): string {
  return `${mode}.${type}.${name}`;
}
