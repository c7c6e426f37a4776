// A noisy client, in a process of its own: sends so many requests a second over HTTP/2, to a gateway or, for a fair
// comparison, to a server of its own. Prints how many answers of each status it got.
import { connect, createServer } from "node:http2";

const { PORT, CA, HOST, PATH_, HEADERS, BODY, RATE, SECONDS } = process.env;
const sink = createServer((_request, response) => response.writeHead(429).end());
await new Promise((resolve) => sink.listen(0, "127.0.0.1", resolve));
const session =
  PORT === "0"
    ? connect(`http://127.0.0.1:${sink.address().port}`)
    : connect(`https://127.0.0.1:${PORT}`, { ca: CA, servername: HOST });
session.on("error", () => process.exit(1));
const seen = {};
const every = 20;
const each = (Number(RATE) * every) / 1000;
const ends = Date.now() + Number(SECONDS) * 1000;
const timer = setInterval(() => {
  if (Date.now() > ends) {
    clearInterval(timer);
    session.close();
    sink.close();
    process.stdout.write(JSON.stringify(seen));
    return;
  }
  for (let at = 0; at < each; at++) {
    const stream = session.request({
      ":method": "POST",
      ":path": PATH_,
      ":authority": HOST,
      ...JSON.parse(HEADERS),
    });
    stream.on("response", (headers) => (seen[headers[":status"]] = (seen[headers[":status"]] ?? 0) + 1));
    stream.on("error", () => undefined);
    stream.resume();
    stream.end(BODY);
  }
}, every);
