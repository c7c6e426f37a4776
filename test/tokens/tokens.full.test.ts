import { CORPUS } from "./corpus";
import { outcomes } from "./outcomes";
import { differences, filled, written, type Handed } from "./rendered";

/** Of a configuration, on two busy cores: three syntheses, each a second or two. */
const BUDGET_S = 60;
jest.setTimeout(BUDGET_S * 1000);

/** What is taken and written nowhere in these configurations, and why. */
const WRITTEN_NOWHERE: Readonly<Record<string, string>> = {
  "waf.webAcl.arn": "its owner puts it before a load balancer that is there already, too",
  "network.vpcCidr": "used where reach is internal and names no blocks",
  "servers.ledger.downstream.bank.because": "said of public names, which have no rule that could carry it",
  "network.egress.subnetIds": "used where a server names domains",
  "network.egress.subnetIds[0]": "used where a server names domains",
  "network.egress.subnetIds[1]": "used where a server names domains",
};

/** What becomes otherwise than with the value put in, by what stands there, and why. */
const OTHERWISE: readonly RegExp[] = [
  // Terraform cuts a part out of the value: an account or a cluster's name out of an ARN.
  /\$\{\(?(element\(split|replace\()/,
  // What is given is compared at the plan, by an expression that has the value in it.
  /^\.data\.aws_lb(_listener)?\.\S+\.postcondition\.\d+\.condition: .* became .*join\(/,
  // Where an image is known only at deployment, its repository is too: those of the account may be pulled from.
  /_execution_rights_\w+\.policy~\.Statement\.\d+\.Resource\.\d+: \S+:repository\//,
];

describe.each(Object.entries(CORPUS))("in %s, a value that is taken", (_name, config) => {
  const taken = outcomes(config).filter(({ problems }) => problems.length === 0);
  const plain = written(config, []);
  const lists = taken.filter(({ kind }) => kind === "list");
  const groups: [string, readonly (Handed & { path: string })[]][] = [
    ["texts and numbers", taken.filter(({ kind }) => kind !== "list")],
    ["lists", lists],
  ];

  test.each(groups.filter(([, group]) => group.length > 0))("stands where it belongs: %s", (_what, group) => {
    const file = written(config, group);
    const text = JSON.stringify(file);
    // cdktf's own marks, which Terraform would take for text.
    expect(text).not.toMatch(/TfToken\[|e\+29\d|e\+30\d/i);
    const lost = group.filter((_one, index) => !new RegExp(`var\\.t${index}\\b`).test(text));
    expect(lost.map(({ path }) => path).filter((path) => !Object.hasOwn(WRITTEN_NOWHERE, path))).toEqual([]);
    // With the values put back it is the file that is written for them.
    expect(
      differences(plain, filled(file, group)).filter((line) => !OTHERWISE.some((known) => known.test(line))),
    ).toEqual([]);
  });
});
