// A stand-in server for drawing pages before a real one is at hand, and for pictures of what is rare:
// nothing at all, every call failing, 500 commons. Development only; nothing of it is shipped.
// Usage: node dev/mock.mjs [--port 8080] [--with fleet|nothing|failing|many]; it also serves dist/.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { answer } from "./mock-data.mjs";

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : otherwise;
};
const KINDS = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const dist = new URL("../dist", import.meta.url).pathname;

export function start(port, mode) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://mock");
    if (url.pathname === "/api/v1/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: hello\nid: 1\ndata: {\"revision\":1,\"topics\":[],\"commons\":[],\"source\":null}\n\n");
      return;
    }
    if (url.pathname.startsWith("/api/v1/")) {
      let said;
      try {
        said = answer(request.method, url.pathname.slice(7), url.searchParams, mode);
      } catch {
        said = { status: 404, body: { type: "about:blank#not_found", code: "not_found", title: "Not found", status: 404, detail: "The made-up fleet has no such thing.", errors: [], request_id: "01jd8x2k7m" } };
      }
      const { status, body } = said;
      response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" });
      response.end(JSON.stringify(body));
      return;
    }
    const wanted = join(dist, url.pathname);
    const file = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, "index.html");
    response.writeHead(200, { "content-type": KINDS[extname(file)] ?? "application/octet-stream", "content-security-policy": "default-src 'self'; style-src 'self'; img-src 'self' data:" });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => { server.listen(port, "127.0.0.1", () => { resolve({ server, url: `http://127.0.0.1:${server.address().port}` }); }); });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await start(Number(argument("port", "8080")), argument("with", "fleet"));
  console.log(`made-up data on ${url}`);
}
