import { texts, type Fields } from "../audit/read";

/** Whether a written alarm tells somebody: it has an action, and actions are on. */
export function rings({ alarm_actions: actions, actions_enabled: enabled }: Fields): boolean {
  return enabled !== false && texts(actions).length > 0;
}
