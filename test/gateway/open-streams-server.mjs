// A server as a process of its own, that keeps a session and streams: every GET and every `subscriptions/listen` is answered
// by events, until somebody else ends it. Started by fork(): it tells its port, and ten times a second how many streams are
// open.
//
// EVERY_MS   between two times that it writes on each stream; where what it wrote before was not taken, it waits
// AT_ONCE    events of one time
// BYTES      of one event, about
import { createServer } from "node:http";

const { EVERY_MS, AT_ONCE, BYTES } = process.env;
const params = "a".repeat(Number(BYTES));
const events = `data: {"jsonrpc":"2.0","method":"notifications/message","params":"${params}"}\n\n`.repeat(
  Number(AT_ONCE),
);
const open = new Set();

function streams(response) {
  open.add(response);
  const write = () => response.writableNeedDrain || response.write(events);
  const timer = setInterval(write, Number(EVERY_MS));
  response.on("close", () => {
    clearInterval(timer);
    open.delete(response);
  });
  response.writeHead(200, { "content-type": "text/event-stream" });
  write();
}

function answers(response, { id, method, params }) {
  const session = method === "initialize" && { "mcp-session-id": "kept" };
  response.writeHead(200, { "content-type": "application/json", ...session });
  const text = "a".repeat(params?.arguments?.length ?? 0);
  response.end(JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } }));
}

const server = createServer((request, response) => {
  let text = "";
  response.on("error", () => undefined);
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    const message = JSON.parse(text || "{}");
    if (request.method === "GET" || message.method === "subscriptions/listen") streams(response);
    else answers(response, message);
  });
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
setInterval(() => process.send({ open: open.size }), 100);
process.on("disconnect", () => process.exit(0));
