import { readAuditLines } from "../support/audit";
import type { Bootstrap } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { deafOver2, type Deaf } from "./deaf-lab";
import { startOpenLab } from "./deaf-streams-lab";
import { memoryOf } from "./flood-lab";
import { request } from "./frames";
import { call } from "./lab";
import { pause, type Data } from "./limits-lab";

/** Calls of one client, as many as the server may have at the same time but for some of others. */
const CALLS = 240;
/** A gateway's container has 256 MiB: what cannot be given back of it. */
const MOST_MIB = 240;

/** Lets a client call for answers of nearly a megabyte, over HTTP/2, and open no window for them. */
async function unreadAnswers(change?: (bootstrap: Bootstrap) => void) {
  const lab = await startOpenLab({ everyMs: 1000, bytes: 1 }, {}, change);
  const { headers, body } = call("text", { length: 1_000_000 });
  const text = JSON.stringify(body);
  const all = { ...headers, authorization: `Bearer ${lab.key}`, "content-length": `${text.length}` };
  const callers: Deaf[] = [];
  const others = new Set<number>();
  let most = 0;
  const watch = async () => {
    others.add((await lab.another()).status);
    most = Math.max(most, memoryOf(lab.gateway.pid, "RssAnon"));
  };
  for (; callers.length < CALLS; await watch())
    callers.push(
      ...(await Promise.all(Array.from({ length: 10 }, () => deafOver2(lab.gateway, request(1, all, text))))),
    );
  for (const end = Date.now() + 4000; Date.now() < end; await pause(50)) await watch();
  callers.forEach(({ close }) => close());
  await lab.stop();
  const lines = readAuditLines(lab.gateway.output());
  const reasons = new Set(lines.flatMap(({ envoy, reason }) => (envoy === "overload" ? [reason] : [])));
  process.stderr.write(`[deaf] ${CALLS} answers that nobody reads: ${most.toFixed(0)} MiB at most\n`);
  return { others: [...others], most, reasons: [...reasons] };
}

describeWith(["envoy"], "answers that one client does not read", () => {
  it("leave the container its memory, and others their calls", async () => {
    const { others, most, reasons } = await unreadAnswers();
    expect([others, reasons]).toEqual([[200], ["overloaded"]]);
    expect(most).toBeLessThan(MOST_MIB);
  });

  it("would take both, were the longest of them not given up", async () => {
    const { others, reasons } = await unreadAnswers((bootstrap) => {
      const overload = (bootstrap as unknown as Data).overload_manager as Data;
      overload.actions = (overload.actions as Data[]).filter(({ name }) => !String(name).endsWith("_stream"));
    });
    expect([others, reasons]).toEqual([[200, 503], ["overloaded"]]);
  });
});
