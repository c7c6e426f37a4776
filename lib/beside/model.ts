import type { ManifestWaiver } from "../checklist/manifest";
import { checkWaiver, type Check } from "../validation";
import { WAIVABLE, type BlockWaiver } from "./config";

const FIX = "copy what the report prints at the finding";

/** Checks waivers of single blocks, and writes them down as reports read them. */
export function resolveWaivers(
  waivers: readonly BlockWaiver[] | undefined,
  check: Check,
): readonly ManifestWaiver[] {
  if (waivers === undefined) return [];
  return check.list(waivers, { max: 100, fix: "mend some of what was found" }).flatMap(([waiver, at]) => {
    const before = check.problems.length;
    checkWaiver(waiver, at, { control: true, at: true, seen: true });
    if (typeof waiver !== "object" || waiver === null) return [];
    checkControl(waiver.control, at.at("control"));
    if (at.at("at").literal(waiver.at, FIX))
      at.at("at").text(waiver.at, {
        pattern: /^[a-z][\w-]*(\.[\w-]+)+$/,
        form: "the address of a block such as aws_lambda_permission.partner",
        fix: FIX,
      });
    if (at.at("seen").literal(waiver.seen, FIX))
      at.at("seen").text(waiver.seen, {
        pattern: /^sha256:[0-9a-f]{64}$/,
        form: "sha256: and 64 characters",
        fix: FIX,
      });
    if (check.problems.length > before) return [];
    const { control, at: address, seen, waive: reason, until } = waiver;
    return [{ field: "waivers", control, at: address, seen, reason, until }];
  });
}

/** Some findings are no additions that somebody may have meant: they say that the file is not what was made. */
function checkControl(control: unknown, check: Check): void {
  if (!check.literal(control, FIX)) return;
  if (WAIVABLE.some((id) => id === control)) return;
  check.problem(
    "unknown-kind",
    `is ${check.show(control)}, which is not waived at a block, expected one of ${WAIVABLE.join(", ")}`,
    "mend what it found",
  );
}
