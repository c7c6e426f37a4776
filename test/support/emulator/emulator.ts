import { spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../scratch";
import { python, quietEnvironment } from "../toolchain";

/** A request that AWS would have refused by its own service model. */
export interface Violation {
  readonly service: string;
  readonly operation: string;
  readonly problem: string;
}

/** Things that somebody else made, by their identifiers. */
export interface Seed {
  readonly region: string;
  /** Names of hosted zones. */
  readonly zones?: Readonly<Record<string, string>>;
  readonly securityGroups?: readonly string[];
}

/** A running AWS emulator. */
export interface Emulator {
  readonly url: string;
  /** The environment of a program that shall speak to it instead of AWS. */
  readonly env: Record<string, string>;
  /** Puts in place what a deployment expects to find, under the identifiers that its file names. */
  seed(wanted: Seed): Promise<void>;
  violations(): Violation[];
  /** How many requests have been judged: none is no proof of anything. */
  judged(): Promise<number>;
  /** What Terraform has asked for so far, as `service:Operation` in botocore's names, sorted, and how often. */
  deployed(): Promise<Record<string, number>>;
  /** Where it writes what it says, and what the functions say that it runs. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Keys that are accepted by no AWS. */
const FAKE_KEY = "AKIAEMULATOR00000000";

/** Starts the emulator on a free loopback port. Lambda functions run their own code in this Node. */
export async function startEmulator(
  name: string,
  /** A folder of Python packages beside its own. */
  packages?: string,
): Promise<Emulator> {
  const folder = scratch(`${name}-emulator`);
  const file = join(folder, "violations.jsonl");
  const child = spawn(await python(), [join(__dirname, "server.py"), file], {
    env: quietEnvironment({
      PYTHONDONTWRITEBYTECODE: "1",
      NODE: process.execPath,
      ...(packages !== undefined && { PYTHONPATH: packages }),
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = join(folder, "server.log");
  child.stderr.pipe(createWriteStream(log));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (line: Buffer) => resolve((JSON.parse(String(line)) as { port: number }).port));
    child.once("exit", (code) => reject(new Error(`the emulator ended with ${code}, see ${log}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    folder,
    env: {
      AWS_ENDPOINT_URL: url,
      // Some services prefix the endpoint's host name, which resolves nowhere: as a proxy the emulator gets it all.
      HTTP_PROXY: url,
      NO_PROXY: "",
      AWS_ACCESS_KEY_ID: FAKE_KEY,
      AWS_SECRET_ACCESS_KEY: "fake",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
    seed: async (wanted) => {
      const response = await fetch(`${url}/emulator/seed`, { method: "POST", body: JSON.stringify(wanted) });
      if (!response.ok) throw new Error(`the emulator refused a seed, see ${log}`);
    },
    violations: () =>
      !existsSync(file)
        ? []
        : readFileSync(file, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as Violation),
    judged: async () => ((await (await fetch(`${url}/emulator/judged`)).json()) as { judged: number }).judged,
    deployed: async () => (await (await fetch(`${url}/emulator/deployed`)).json()) as Record<string, number>,
    stop: () => {
      child.kill();
      return ended;
    },
  };
}

/** Settings of an SDK's client that speaks to an emulator. */
export function clientOf({ url }: Pick<Emulator, "url">) {
  return {
    region: "eu-west-1",
    endpoint: url,
    credentials: { accessKeyId: FAKE_KEY, secretAccessKey: "fake" },
  };
}

/** The header of a call to a service without an SDK: the emulator reads only region and service from it. */
export function signedFor(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=${FAKE_KEY}/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

/** Merged into every provider block of a stack, so that the real provider speaks to the emulator. */
export function emulatedProvider(blocks: readonly { readonly alias?: string }[]): object {
  return {
    aws: blocks.map(({ alias }) => ({
      ...(alias !== undefined && { alias }),
      access_key: FAKE_KEY,
      secret_key: "fake",
      skip_credentials_validation: true,
      skip_metadata_api_check: "true",
      skip_region_validation: true,
      s3_use_path_style: true,
      // A torn connection is tried again; an error that is final is not repeated 25 times.
      max_retries: 5,
    })),
  };
}
