import { blocksOf, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Finding } from "../checklist/control";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { contains, parseCidr, PRIVATE_BLOCKS } from "./cidr";

/** Whether a subnet has no route to where the internet is: through its own table, single routes and inline ones. */
export function routesOut(subnet: Block | undefined, plan: Plan): Finding {
  if (!subnet) return unknown("its subnet is not in this stack");
  const associations = plan.referring(subnet, "aws_route_table_association", "subnet_id");
  if (associations.length === 0) return unknown(`${subnet.address} uses the main route table of its VPC`);
  const tables = associations.map(({ body }) => plan.target(body.route_table_id));
  if (tables.includes(undefined)) return unknown(`the route table of ${subnet.address} is not in this stack`);
  const routes = tables.flatMap((table) =>
    table === undefined
      ? []
      : [
          ...plan.referring(table, "aws_route", "route_table_id").map(({ body }) => body),
          ...blocksOf(table.body.route),
        ],
  );
  const out = routes.find(leaves);
  if (out) return fails(`${subnet.address} has a route to ${String(destination(out))}`);
  return routes.some((route) => isExpression(destination(route)))
    ? unknown(`a route of ${subnet.address} is known only at deployment`)
    : HOLDS;
}

function destination(route: Fields): unknown {
  return (
    route.destination_cidr_block ??
    route.cidr_block ??
    route.destination_ipv6_cidr_block ??
    route.ipv6_cidr_block
  );
}

/** Whether a route goes to any address that is not private. */
function leaves(route: Fields): boolean {
  const to = destination(route);
  if (typeof to !== "string" || isExpression(to)) return false;
  const cidr = parseCidr(to);
  // IPv6: only unique local addresses stay inside.
  if (!cidr) return !/^f[cd]/i.test(to);
  return !PRIVATE_BLOCKS.some((block) => contains(block, cidr));
}
