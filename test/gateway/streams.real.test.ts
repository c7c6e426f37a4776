import { describeWith } from "../support/toolchain";
import { startStreamLab, until, type StreamLab } from "./streams-lab";

describeWith(["envoy"], "what takes a while, of official clients and servers through a gateway", () => {
  let lab: StreamLab;
  beforeAll(async () => void (lab = await startStreamLab()));
  afterAll(() => lab.stop());

  describe.each(["legacy", "modern"] as const)("%s era", (era) => {
    it("discovers, lists and reads resources that are allowed", async () => {
      const client = await lab.connect(era);
      expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(["test://one"]);
      const { contents } = await client.readResource({ uri: "test://one" });
      expect(contents).toEqual([expect.objectContaining({ text: "one" })]);
      await expect(client.readResource({ uri: "test://two" })).rejects.toMatchObject({ code: -32602 });
      await client.close();
    });

    it("tells of progress while it is made", async () => {
      const client = await lab.connect(era);
      const seen: number[] = [];
      // Each when it is sent, not all at the end: the server goes on when the client has seen what was before.
      lab.server.before = (progress) => until(() => seen.length === progress);
      const result = await client.callTool(
        { name: "work", arguments: { steps: 4, ms: 1 } },
        { onprogress: ({ progress }) => void seen.push(progress) },
      );
      lab.server.before = () => undefined;
      expect(result.content).toEqual([{ type: "text", text: "done" }]);
      expect(seen).toEqual([0, 1, 2, 3, 4]);
      await client.close();
    });

    it("lets a client's cancellation through to the work", async () => {
      const client = await lab.connect(era);
      const before = lab.server.cancelled;
      const abort = new AbortController();
      const call = client.callTool(
        { name: "work", arguments: { steps: 40, ms: 50 } },
        {
          signal: abort.signal,
          onprogress: ({ progress }) => void (progress === 1 && abort.abort("enough")),
        },
      );
      await expect(call).rejects.toThrow();
      if (era === "legacy") {
        await until(() => lab.server.messages.includes("notifications/cancelled"));
        // Servers without sessions cannot tell whose call it was: its end is the end of the client's connection.
        await client.close();
      }
      await until(() => lab.server.cancelled === before + 1);
      await client.close();
    });
  });

  it("tells those who listen of changes, and the server when they stop", async () => {
    const client = await lab.connect("modern");
    const seen: string[] = [];
    client.setNotificationHandler("notifications/tools/list_changed", () => void seen.push("tools"));
    client.setNotificationHandler(
      "notifications/resources/updated",
      ({ params }) => void seen.push(params.uri),
    );
    const subscription = await client.listen({
      toolsListChanged: true,
      resourceSubscriptions: ["test://one"],
    });
    lab.server.change("test://one");
    await until(() => seen.length === 2);
    expect(seen.sort()).toEqual(["test://one", "tools"]);
    await subscription.close();
    await until(() => lab.server.messages.includes("notifications/cancelled"));
    await expect(client.listen({ resourceSubscriptions: ["test://two"] })).rejects.toThrow();
    await client.close();
  });
});
