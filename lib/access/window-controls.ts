import { fails, HOLDS, type Control } from "../checklist/control";
import { declaredOf } from "../checklist/engine";
import { allowing, conditionOf, judgeStatements } from "./read-policy";

const windowsHold: Control = {
  id: "access.windows-hold",
  item: 5,
  says: "What is granted for a window ends with it",
  why: "The gateway refuses the tools outside a window; without the condition their rights stay with the task.",
  on: ["aws_iam_role_policy"],
  judge: (block, plan) => {
    const server = declaredOf(block, plan).find((entry) => entry.windowed !== undefined);
    if (server?.windowed === undefined) return HOLDS;
    const { windowed, policy } = server;
    return judgeStatements(block.body.policy, (statements) => {
      for (const right of allowing(statements)) {
        const name = windowed[String(right.Sid)];
        if (name === undefined) continue;
        const [from] = conditionOf(right, ["DateGreaterThanEquals"], "aws:CurrentTime");
        const [to] = conditionOf(right, ["DateLessThan"], "aws:CurrentTime");
        const interval = (policy?.windows[name] ?? []).find(
          (each) => same(each.from, from) && same(each.to, to),
        );
        if (interval === undefined) return fails(`${String(right.Sid)} is not limited to ${name}`);
      }
      return HOLDS;
    });
  },
};

function same(instant: string, written: string | undefined): boolean {
  return written !== undefined && Date.parse(instant) === Date.parse(written);
}

/** Controls of rights that end. */
export const windowControls: readonly Control[] = [windowsHold];
