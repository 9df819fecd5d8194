// Fills in operations as the documentation page does, and sends the reads: `node ids.mjs`, told on standard input
// where ids.js and the platform are, which operations are filled in, and by whom: the first whom it is answered.
import { readFileSync } from "node:fs";

const { script, platform, services, callers } = JSON.parse(readFileSync(0, "utf8"));
(0, eval)(readFileSync(script, "utf8"));

const answered = new Map();
const asked = async (address, token) => {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await fetch(platform + address, { headers });
  const text = await answer.text();
  const isJson = /json$/.test(answer.headers.get("content-type") || "");
  return { status: answer.status, body: isJson && text ? JSON.parse(text) : undefined, etag: answer.headers.get("etag") };
};
const get = (address, token) => {
  const key = `${token} ${address}`;
  if (!answered.has(key)) answered.set(key, asked(address, token));
  return answered.get(key);
};
const askedBy = (token) => async (address) => {
  const answer = await get(address, token);
  return answer.status === 200 ? answer : undefined;
};
const statusOf = async (path, values, token) => {
  const names = path.match(/(?<={)\w+(?=})/g);
  if (names.some((name) => !(name in values))) return undefined;
  const given = Object.entries(values).filter(([name]) => !names.includes(name));
  const address = path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(values[name]));
  return (await get(`${address}?${new URLSearchParams(given)}`, token)).status;
};

// A gateway that has just started has no document of a service yet.
const documentOf = async (service) => {
  const whole = (await asked(`/openapi.json?service=${service}`, "")).body;
  if (whole && !whole["x-unavailable"]?.length) return whole;
  await new Promise((go) => setTimeout(go, 500));
  return documentOf(service);
};

const told = {};
for (const service of services) {
  const whole = await documentOf(service);
  for (const [path, item] of Object.entries(whole.paths)) {
    for (const [method, { operationId }] of Object.entries(item)) {
      for (const { token, institution } of callers[operationId] || []) {
        const filled = await globalThis.splotIds.finder(whole, askedBy(token), institution)(path, method);
        const status = method === "get" ? await statusOf(path, filled.values, token) : undefined;
        told[operationId] = { ...filled, status };
        if (status === 200) break;
      }
    }
  }
}
console.log(JSON.stringify(told));
