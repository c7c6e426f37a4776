import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { signedFor, type Emulator } from "../support/emulator/emulator";
import { virtualEnvironment } from "../support/toolchain";

const ROLE = "arn:aws:iam::123456789012:role/machine";
const TARGETS = {
  states: ["AWSStepFunctions", "1.0"],
  ecs: ["AmazonEC2ContainerServiceV20141113", "1.1"],
  secretsmanager: ["secretsmanager", "1.1"],
} as const;

type Fields = Record<string, unknown>;

/** How an execution ended, and the states that it went through. */
export interface Execution {
  readonly status: string;
  readonly error?: string;
  readonly cause?: string;
  readonly states: readonly string[];
}

/** State machines that really run in an emulated account, and what they act on. */
export class Machines {
  private made = 0;

  public constructor(private readonly emulator: Emulator) {}

  /** One call of a service that speaks JSON. */
  public async call(service: keyof typeof TARGETS, operation: string, input: object): Promise<Fields> {
    const [target, version] = TARGETS[service];
    const response = await fetch(this.emulator.url, {
      method: "POST",
      headers: {
        "content-type": `application/x-amz-json-${version}`,
        "x-amz-target": `${target}.${operation}`,
        authorization: signedFor(service),
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as Fields;
    if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Runs a definition once, from its creation to its end. */
  public async run(definition: object, input: object): Promise<Execution> {
    const machine = await this.call("states", "CreateStateMachine", {
      name: `machine-${++this.made}`,
      definition: JSON.stringify(definition),
      roleArn: ROLE,
    });
    const { executionArn } = await this.call("states", "StartExecution", {
      stateMachineArn: machine.stateMachineArn,
      input: JSON.stringify(input),
    });
    for (let tries = 0; tries < 300; tries++) {
      const found = await this.call("states", "DescribeExecution", { executionArn });
      if (found.status !== "RUNNING") {
        const { status, error, cause } = found as { status: string; error?: string; cause?: string };
        return {
          status,
          ...(error !== undefined && { error }),
          ...(cause !== undefined && { cause }),
          states: await this.entered(executionArn),
        };
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("the execution does not end");
  }

  private async entered(executionArn: unknown): Promise<string[]> {
    const { events } = (await this.call("states", "GetExecutionHistory", {
      executionArn,
      maxResults: 1000,
    })) as { events: { stateEnteredEventDetails?: { name: string } }[] };
    return events.flatMap(({ stateEnteredEventDetails: entered }) => (entered ? [entered.name] : []));
  }
}

/** Where the packages lie with which the emulator understands JSONata. */
export async function jsonata(): Promise<string> {
  const python = await virtualEnvironment(join(__dirname, "jsonata-requirements.txt"), ["jsonata-python"]);
  const lib = join(dirname(python), "..", "lib");
  return join(lib, readdirSync(lib).find((name) => name.startsWith("python")) ?? "", "site-packages");
}
