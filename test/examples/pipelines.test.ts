import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { scratch } from "../support/scratch";
import { ROOT } from "../support/toolchain";

interface GitHubStep {
  readonly id?: string;
  readonly run?: string;
  readonly uses?: string;
}
interface GitHubJob {
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly GitHubStep[];
}
type GitLabJob = Readonly<Record<"script" | "before_script", readonly string[]>> & {
  readonly extends?: string;
  readonly environment?: object;
  readonly variables?: Readonly<Record<string, string>>;
};

const text = (name: string) => readFileSync(join(ROOT, "examples", "pipelines", `${name}.yml`), "utf8");
const github = parse(text("github")) as {
  permissions: object;
  defaults: { run: { shell: string } };
  jobs: Record<string, GitHubJob>;
};
const gitlab = parse(text("gitlab")) as Record<string, GitLabJob>;

/** Every command of a job, one text for each shell that runs it. */
const commands = (system: "github" | "gitlab", job: string): string[] =>
  system === "github"
    ? (github.jobs[job]?.steps ?? []).flatMap(({ run }) => (run === undefined ? [] : [run]))
    : [(gitlab[job]?.script ?? []).join("\n")];

/** What a stand-in does: the exit code of each command whose beginning is named; 0 otherwise. */
type Codes = Readonly<Record<string, number>>;

/**
 * Runs a job's scripts as the runner does, one shell after the other until one fails, with stand-ins for the programs that
 * talk to others. Each writes down how it was called; `npx hardened-mcp … --out FILE` and Terraform's plan leave files.
 */
function runJob(
  system: "github" | "gitlab",
  job: string,
  codes: Codes,
  env: Readonly<Record<string, string>>,
  deployedBefore = true,
): { readonly code: number; readonly calls: string[]; readonly outputs: string } {
  const home = scratch(`pipeline-${system}-${job}`);
  const folder = join(home, "checkout");
  const bin = join(home, "bin");
  const log = join(home, "calls");
  mkdirSync(join(folder, "cdktf.out/stacks/orders"), { recursive: true });
  if (deployedBefore) mkdirSync(join(home, "before/cdktf.out/stacks/orders"), { recursive: true });
  else mkdirSync(join(home, "before"));
  mkdirSync(join(folder, "plan"));
  mkdirSync(join(folder, "review"));
  mkdirSync(bin);
  writeFileSync(log, "");
  writeFileSync(join(folder, "orders.lock.hcl"), "# checksums\n");
  if (env["widened"] !== undefined) writeFileSync(join(folder, "review/widened"), `${env["widened"]}\n`);
  for (const program of ["npm", "npx", "git", "gh", "curl", "terraform"]) {
    const cases = Object.entries(codes)
      .filter(([call]) => call.startsWith(`${program} `))
      .map(([call, code]) => `  "${call}"*) exit ${code} ;;`);
    writeFileSync(
      join(bin, program),
      `#!/bin/bash\ncall="${program} $*"\necho "$call" >> ${log}\ncase "$call" in\n${cases.join("\n")}\n  *) exit 0 ;;\nesac\n`,
    );
    chmodSync(join(bin, program), 0o755);
  }
  const outputs = join(home, "outputs");
  writeFileSync(outputs, "");
  let code = 0;
  for (const command of commands(system, job)) {
    // GitHub's `shell: bash` is `-eo pipefail`; GitLab's runner sets the same.
    const run = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", command], {
      cwd: folder,
      env: {
        ...{ PATH: `${bin}${delimiter}${process.env["PATH"]}`, HOME: home, GITHUB_OUTPUT: outputs },
        ...{ STACK: "orders", FOLDER: "cdktf.out/stacks/orders", BASE: "origin/main" },
        ...env,
      },
    });
    code = run.status ?? 1;
    if (code !== 0) break;
  }
  if (system === "gitlab" && existsSync(join(folder, "review/widened")))
    writeFileSync(outputs, `widened=${readFileSync(join(folder, "review/widened"), "utf8")}`);
  return {
    code,
    calls: readFileSync(log, "utf8").split("\n").slice(0, -1),
    outputs: readFileSync(outputs, "utf8").trim(),
  };
}

const DIFF = "npx hardened-mcp diff";
const CHECK = "npx hardened-mcp check";
const PLAN = "terraform plan";
const event = (name: string) => ({ EVENT: name, CI_PIPELINE_SOURCE: name });

describe.each(["github", "gitlab"] as const)("the pipeline for %s", (system) => {
  test.each<[string, Codes, boolean, number, string]>([
    ["nothing widened", {}, true, 0, "widened=0"],
    ["reach widened: the review goes on and tells", { [DIFF]: 3 }, true, 0, "widened=3"],
    ["a diff that could not be made ends it", { [DIFF]: 2 }, true, 2, ""],
    ["a failed control ends it, after the comment's text was written", { [CHECK]: 1 }, true, 1, "widened=0"],
    ["a first deployment has nothing to be compared with", {}, false, 0, "widened=3"],
    ["a program that does not synthesise ends it", { "npx cdktf synth": 1 }, true, 1, ""],
  ])("review: %s", (_what, codes, deployedBefore, code, outputs) =>
    expect(runJob(system, "review", codes, {}, deployedBefore)).toMatchObject({ code, outputs }),
  );

  test.each<[string, string, string, number]>([
    ["nothing widened", "0", "", 0],
    ["widened and nobody agreed", "3", "", 1],
    ["widened and somebody agreed", "3", "reach-approved", 0],
    ["widened and another label is there", "3", "not-reach-approved", 1],
  ])("reach: %s", (_what, widened, label, code) =>
    expect(
      runJob(
        system,
        "reach",
        {},
        {
          ...{ widened, WIDENED: widened },
          ...{ CI_MERGE_REQUEST_LABELS: `mcp,${label}`, APPROVED: String(label === "reach-approved") },
        },
      ).code,
    ).toBe(code),
  );

  test.each<[string, string, Codes, number]>([
    ["nothing to do", "push", {}, 0],
    ["changes of a push", "push", { [PLAN]: 2 }, 0],
    ["changes at night, which are drift", "schedule", { [PLAN]: 2 }, 1],
    ["no drift at night", "schedule", {}, 0],
    ["a plan that fails", "push", { [PLAN]: 1 }, 1],
    ["providers with other checksums", "push", { "terraform init": 1 }, 1],
    ["a plan that fails the checklist", "push", { [PLAN]: 2, [CHECK]: 1 }, 1],
    ["a plan that cannot be judged", "push", { [PLAN]: 2, [CHECK]: 2 }, 2],
  ])("plan: %s", (_what, source, codes, code) => {
    const run = runJob(system, "plan", codes, event(source));
    expect(run.code).toBe(code);
    expect(run.calls.filter((call) => call.startsWith("terraform apply"))).toEqual([]);
  });

  test("apply takes the plan that was judged, with providers that somebody has committed, and runs nothing else", () => {
    const run = runJob(system, "apply", {}, {});
    expect(run).toMatchObject({ code: 0 });
    expect(run.calls).toEqual([
      "terraform init -input=false -lockfile=readonly",
      "terraform apply -input=false tfplan",
    ]);
    expect(runJob(system, "apply", { "terraform init": 1 }, {}).calls).toHaveLength(1);
  });

  test("who may write runs no code of the repository", () => {
    for (const job of ["comment", "apply"])
      expect(commands(system, job).join("\n")).not.toMatch(/\bnpm\b|\bnpx\b|\bnode\b/);
  });

  test("every command of ours knows the options that it is given", () => {
    const used = [...text(system).matchAll(/npx hardened-mcp (\w+)([^\n|]*)/g)];
    expect(used.length).toBeGreaterThan(2);
    for (const [, command = "", rest = ""] of used) {
      const help = readFileSync(join(ROOT, "lib", "cli", `${command}.ts`), "utf8");
      for (const [, option = ""] of rest.matchAll(/--([a-z-]+)/g)) expect(help).toContain(`--${option} `);
    }
  });
});

describe("GitHub's jobs", () => {
  const may = (job: string) => github.jobs[job]?.permissions;
  test("have the rights that they need, and none by default", () => {
    expect(github.permissions).toEqual({});
    expect(github.defaults.run.shell).toBe("bash");
    expect(Object.fromEntries(Object.keys(github.jobs).map((job) => [job, may(job)]))).toEqual({
      review: { contents: "read" },
      comment: { contents: "read", "pull-requests": "write", "security-events": "write" },
      reach: {},
      plan: { contents: "read", "id-token": "write" },
      apply: { "id-token": "write" },
    });
  });
  test("put nothing that a stranger may write into a script", () => {
    for (const { steps } of Object.values(github.jobs))
      for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  });
});

test("GitLab's review is told neither the token that writes nor a role", () => {
  expect(gitlab["review"]?.extends).toBeUndefined();
  expect(gitlab["review"]?.environment).toBeUndefined();
  expect(gitlab["comment"]?.environment).toEqual({ name: "review-notes", action: "access" });
  expect(gitlab["plan"]?.variables?.["AWS_ROLE_ARN"]).toBe("$PLAN_ROLE_ARN");
  expect(gitlab["apply"]?.environment).toEqual({ name: "production" });
});
