// Receives Runbell's web hooks and answers 401 to everything that Runbell did not sign.
//
//     WEBHOOK_SECRET=whsec_… PORT=9000 node receiver.mjs

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from((process.env.WEBHOOK_SECRET ?? "").replace(/^whsec_/, ""), "base64");
if (key.length === 0) throw new Error("WEBHOOK_SECRET is missing or not a signing secret");

// Seconds that the two clocks may differ. Older requests are refused, so that nobody can replay them.
const tolerance = 5 * 60;
const largestBody = 1 << 20;

// Whether one of the signatures covers exactly these bytes: during a rotation there are two of them.
function isSigned(headers, body) {
  const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", "webhook-signature": given = "" } = headers;
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > tolerance) return false;
  const code = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  return given.split(" ").some((signature) => isSame(signature, `v1,${code}`));
}

// Takes the same time wherever the difference is.
function isSame(one, other) {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

// The bytes as they came, or null when there are too many. The signature is over them: parsing and writing the JSON
// again would change them.
async function rawBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > largestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function receive(request) {
  if (request.method !== "POST") return 405;
  const body = await rawBody(request);
  if (body === null) return 413;
  if (!isSigned(request.headers, body)) return 401;
  const event = JSON.parse(body);
  // Runbell sends at least once. Skip a webhook-id that you have already handled.
  console.log(request.headers["webhook-id"], event.event);
  return 204;
}

const server = createServer({ requestTimeout: 10_000 }, async (request, response) => {
  const status = await receive(request).catch(() => 500);
  response.writeHead(status, status === 413 ? { Connection: "close" } : {}).end();
});
server.listen(Number(process.env.PORT ?? 9000), "127.0.0.1", () =>
  console.log(`Listening on http://127.0.0.1:${server.address().port}`),
);
