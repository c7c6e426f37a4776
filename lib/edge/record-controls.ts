import { texts } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { isOurs, ofOurs } from "../checklist/engine";
import { judgeSettings, within, type Setting } from "../checklist/settings";
import type { Block, Plan } from "../terraform/plan";

const CERTIFICATE = "aws_acm_certificate";
const RECORD = "aws_route53_record";
const RECORDS = [RECORD, "cloudflare_dns_record"];

/** What a record's name says where it proves to AWS that a name is ours: AWS makes it up at deployment. */
const PROOF = ".domain_validation_options";

function isProof({ body }: Block): boolean {
  return String(body.name).includes(PROOF);
}

const oneName: Control = ofOurs({
  id: "edge.certificate-one-name",
  item: 1,
  says: "A certificate of ours is for one name, and for no other",
  why: "With a wildcard any name of the domain could be served in its place; without a name AWS takes it for an import.",
  on: [CERTIFICATE],
  judge: ({ body }) => {
    const all = [body.domain_name, ...texts(body.subject_alternative_names)];
    const [name, ...more] = all.filter((one) => typeof one === "string" && one !== "");
    if (name === undefined) return fails("it is for no name");
    const wide = [name, ...more].find((one) => String(one).includes("*"));
    if (wide !== undefined) return fails(`it is for ${String(wide)}`);
    return more.every((one) => one === name) ? HOLDS : fails(`it is for ${more.join(", ")} too`);
  },
  maps: { checkov: ["CKV2_AWS_71"] },
});

const proven: Control = ofOurs({
  id: "edge.certificate-proven",
  item: 1,
  says: "What waits for a certificate waits for the record by which AWS sees that the name is ours",
  why: "Without the record the certificate stays pending for three days and then fails, and nothing that needs it is made.",
  on: ["aws_acm_certificate_validation"],
  judge: ({ body }, plan) => {
    const certificate = plan.target(body.certificate_arn);
    if (certificate !== undefined && !plan.blocks(...RECORDS).some((one) => proves(one, certificate)))
      return fails("no record proves that the name is ours");
    const waited = texts(body.validation_record_fqdns);
    const other = waited.find((one) => !isNameOfProof(one, plan));
    if (other !== undefined) return fails(`it waits for ${other}, which proves nothing`);
    return waited.length > 0 ? HOLDS : fails("it waits for no record");
  },
});

function proves(record: Block, certificate: Block): boolean {
  return String(record.body.name).includes(`${certificate.address}${PROOF}`);
}

/** A name that is taken from a record with the proof, or made of what AWS asks for. */
function isNameOfProof(name: string, plan: Plan): boolean {
  const record = plan.target(name);
  return record === undefined ? name.includes(PROOF) : RECORDS.includes(record.type) && isProof(record);
}

const OF_PROOF: readonly Setting[] = [
  {
    field: "records",
    is: (value) => {
      const values = texts(value);
      return values.length === 1 && String(values[0]).includes(PROOF);
    },
    or: "it does not hold what AWS asks for, and the certificate is never issued",
  },
  { field: "ttl", is: within(1, 86_400), or: "Route 53 refuses a record without a time to live" },
  {
    field: "allow_overwrite",
    is: true,
    or: "a second deployment of this name in the account could not be made: AWS asks both for the same record",
  },
];

const OF_CLOUDFLARE_PROOF: readonly Setting[] = [
  {
    field: "content",
    is: (value) => String(value).includes(PROOF),
    refers: true,
    or: "it does not hold what AWS asks for, and the certificate is never issued",
  },
  {
    field: "type",
    is: (value) => String(value).includes(PROOF),
    refers: true,
    or: "it is of another kind than AWS asks for",
  },
];

const isSaid = (value: unknown) => typeof value === "string" && value !== "" && value !== "*";

/** A load balancer of the file, where there is one of ours: one that is given is named by what is not in it. */
function isBalancer(value: unknown, { path }: Block, plan: Plan): boolean {
  if (!isSaid(value)) return false;
  // What a hand has written beside ours may be a record of anything.
  if (path === "") return true;
  const own = plan.blocks("aws_lb").filter((balancer) => isOurs(balancer, plan));
  return own.length === 0 || own.some(({ address }) => plan.target(value)?.address === address);
}

const OF_HOST: readonly Setting[] = [
  { field: "alias.name", is: isBalancer, refers: true, or: "the name does not lead to the load balancer" },
  {
    field: "alias.zone_id",
    is: isBalancer,
    refers: true,
    or: "Route 53 does not know whose name it leads to",
  },
  {
    field: "alias.evaluate_target_health",
    is: false,
    or: "the name would vanish whenever no task is well, and resolvers would remember that",
  },
  {
    field: "allow_overwrite",
    is: (value) => value !== true,
    or: "it would take the place of a record that somebody else has written",
  },
];

const OF_CLOUDFLARE: readonly Setting[] = [
  { field: "zone_id", is: isSaid, refers: true, or: "it is of no zone" },
  {
    field: "ttl",
    // 1 stands for what Cloudflare chooses.
    is: (value) => Number(value) === 1 || within(30, 86_400)(value),
    or: "Cloudflare takes 30 seconds to a day",
  },
];

const OF_CLOUDFLARE_HOST: readonly Setting[] = [
  { field: "content", is: isBalancer, refers: true, or: "the name does not lead to the load balancer" },
  { field: "type", is: "CNAME", or: "a load balancer has a name, and no address that stays" },
];

const records: Control = ofOurs({
  id: "edge.records-lead",
  item: 12,
  says: "The host name leads to the load balancer and takes nobody's place; the record for the certificate holds what AWS asks for",
  why: "A name that leads elsewhere hands every client's key to whoever answers there.",
  on: RECORDS,
  judge: (block, plan) => judgeSettings(block, plan, settingsOf(block)),
  maps: { owasp: ["MCP09"] },
});

function settingsOf(block: Block): readonly Setting[] {
  if (block.type === RECORD) return isProof(block) ? OF_PROOF : OF_HOST;
  return [...OF_CLOUDFLARE, ...(isProof(block) ? OF_CLOUDFLARE_PROOF : OF_CLOUDFLARE_HOST)];
}

/** Controls of what DNS says of the public name. */
export const recordControls: readonly Control[] = [oneName, proven, records];
