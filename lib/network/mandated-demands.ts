/** What must hold of each rule of a group that somebody else keeps and tasks are in. */
export const LETS_NOBODY_IN = "self.is_egress";
