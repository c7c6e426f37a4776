import type { PolicyDocument } from "../../policy/document";
import { hasRooms } from "./at-once";
import { stage } from "./program";
import { filter, type Json } from "./types";

/**
 * A filter that runs the program as one of its stages. What a stage finds changes the route of a call only where there are
 * rooms; everywhere else the route that was found first stays, for to look for it again costs as much as six headers.
 */
export function lua(name: string, as: "auth" | "policy", policy: PolicyDocument): Json {
  return filter(name, "lua.v3.Lua", {
    default_source_code: { inline_string: stage(as) },
    ...(!hasRooms(policy) && { clear_route_cache: false }),
  });
}
