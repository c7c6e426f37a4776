import { chooseTask, gatewayTasks } from "../../lib/cli/up/gateway-task";
import { splitPlan } from "./fixture";

const tasks = gatewayTasks(splitPlan());
const toolsOf = (server: string) =>
  Object.keys(
    (JSON.parse(chooseTask(tasks, server, "file").environment["HMCP_POLICY"] ?? "") as { tools: object })
      .tools,
  );

test("`up` starts the half that is named", () => {
  expect(toolsOf("orders")).toEqual(["search", "secret"]);
  expect(toolsOf("orders_write")).toEqual(["refund"]);
});
test("and says that there are two when none is", () => {
  expect(() => chooseTask(tasks, undefined, "file")).toThrow(/several servers.*orders, orders_write/);
});
