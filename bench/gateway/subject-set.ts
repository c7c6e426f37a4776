import { bareEnvoy, fastServer, ourGateway, type Subject } from "./subjects";
import { pin } from "./measured-process";

/** Processors: what is measured has one for itself, server and generator share the other. */
export const MEASURED = 0;
export const OTHERS = 1;

/** What is compared, each on the measured processor. */
export const NAMES = ["server", "bare Envoy", "ours, key", "ours, token"] as const;

/** By name. */
export type Subjects = Readonly<Record<(typeof NAMES)[number], Subject>>;

/** Runs `body` with all of them, and ends them after. */
export async function withSubjects(body: (subjects: Subjects) => Promise<void>): Promise<void> {
  pin(process.pid, OTHERS);
  const server = await fastServer();
  const running = [server];
  const start = async (subject: Promise<Subject>) => {
    running.push(await subject);
    return subject;
  };
  try {
    const subjects = {
      server,
      "bare Envoy": await start(bareEnvoy(server.call.port)),
      "ours, key": await start(ourGateway(server.call.port, "key")),
      "ours, token": await start(ourGateway(server.call.port, "token")),
    };
    for (const { pid } of running) pin(pid, pid === server.pid ? OTHERS : MEASURED);
    await body(subjects);
  } finally {
    await Promise.all(running.map((subject) => subject.stop()));
  }
}
