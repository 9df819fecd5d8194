/** The helpers of the client: against answers that are told here, and against the running platform. */
import assert from "node:assert/strict";
import test from "node:test";
import { change, ChangedMeanwhile, finished, follow, ProblemError, Splot, today, Unreachable, watch, type Job } from "splot-client";

const url = process.env["SPLOT_URL"]!;
const importer = new Splot(url, { token: process.env["IMPORTER"]!, language: "en" });
const institution = { name: "Żłobek", type: "nursery", county_terc: "2469" } as const;

type Reply = Response | Error;

/** A platform that gives these replies one after another, and what it was asked. */
function told(...replies: Reply[]) {
  const asked: Request[] = [];
  const paused: number[] = [];
  let tokens = 0;
  const splot = new Splot("http://told.test", {
    token: () => `token-${++tokens}`,
    fetch: async (input, init) => {
      asked.push(new Request(String(input), init));
      const reply = replies.shift()!;
      if (reply instanceof Error) throw reply;
      return reply;
    },
    pause: async (seconds) => void paused.push(seconds),
  });
  return { splot, asked, paused };
}

function refusal(status: number, code: string, headers: Record<string, string> = {}): Response {
  const problem = { type: "/problems/x", title: "No", detail: "do this", status, code, trace_id: "t", missing: ["day"] };
  return new Response(JSON.stringify(problem), { status, headers: { "content-type": "application/problem+json", ...headers } });
}

function json(body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { headers: { "content-type": "application/json", ...headers } });
}

test("a POST is sent again under the same key, after the time it was told", async () => {
  const { splot, asked, paused } = told(
    refusal(503, "overloaded", { "retry-after": "3" }),
    new TypeError("connection lost"),
    refusal(409, "request_in_progress"),
    json({ id: "1" }, { "idempotency-replayed": "true" }),
  );
  const answer = await splot.post("/v1/registry/institutions", { body: institution });
  assert.equal(answer.isReplayed, true);
  assert.equal(new Set(asked.map(({ headers }) => headers.get("idempotency-key"))).size, 1);
  assert.equal(paused.length, 3);
  assert.equal(paused[0], 3);
  assert.deepEqual(await asked[3]!.json(), institution);
});

test("a change by If-Match that was lost on the way is not sent again", async () => {
  const { splot, asked } = told(new TypeError("connection lost"));
  const path = { institution_id: "1" };
  const sent = splot.patch("/v1/registry/institutions/{institution_id}", { path, body: { name: "x" }, ifMatch: '"1:1"' });
  await assert.rejects(sent, Unreachable);
  assert.equal(asked.length, 1);
  assert.equal(asked[0]!.headers.get("content-type"), "application/merge-patch+json");
});

test("who is told to wait for long is refused at once, with what is missing", async () => {
  const { splot, paused } = told(refusal(429, "rate_limited", { "retry-after": "600" }));
  await assert.rejects(splot.get("/v1/registry/counties"), (problem: ProblemError) => {
    assert.deepEqual([problem.code, problem.missing, problem.detail, problem.retryAfter], ["rate_limited", ["day"], "do this", 600]);
    return true;
  });
  assert.deepEqual(paused, []);
});

test("a token that is over is asked for anew, once", async () => {
  const { splot, asked } = told(refusal(401, "unauthenticated"), refusal(401, "unauthenticated"));
  await assert.rejects(splot.get("/v1/registry/counties"), { status: 401 });
  assert.deepEqual(asked.map(({ headers }) => headers.get("authorization")), ["Bearer token-1", "Bearer token-2"]);
});

test("a stream of a job that breaks is taken up where it broke", async () => {
  const states = [{ state: "running" }, { state: "succeeded" }].map((job, version) => `id: ${version}\nevent: job\ndata: ${JSON.stringify(job)}\n\n`);
  const broken = new ReadableStream({
    start: (stream) => stream.enqueue(new TextEncoder().encode(states[0])),
    pull: (stream) => stream.error(new TypeError("terminated")),
  }, { highWaterMark: 0 });
  const { splot, asked } = told(new Response(broken), new Response(`: nothing new\n\n${states[1]}`));
  const started = { data: {} as Job, status: 202, etag: "", location: "/v1/registry/jobs/1", isReplayed: false, headers: new Headers() };
  const seen = [];
  for await (const job of watch(splot, started)) seen.push(job.state);
  assert.deepEqual(seen, ["running", "succeeded"]);
  assert.deepEqual(asked.map(({ headers }) => headers.get("last-event-id")), [null, "0"]);
});

test("a file is imported, its job watched, its rows listed page by page, and its events followed", async () => {
  const rows = Array.from({ length: 5 }, (_, number) => `T${number};Ważka ${number};nursery;2469`);
  const body = ["external_id;name;type;county_terc", ...rows, "T9;Nigdzie;nursery;9999", ""].join("\n");
  const request = { query: { format: "generic", system: "typescript" }, body, contentType: "text/csv" } as const;
  const before = await importer.get("/v1/registry/events", { query: { limit: 1000 } });
  const started = await importer.post("/v1/registry/institution-imports", { ...request, idempotencyKey: "typescript-import" });
  const job = await finished(importer, started);
  assert.equal(job.result?.["created"], 5);
  const again = await importer.post("/v1/registry/institution-imports", { ...request, idempotencyKey: "typescript-import" });
  assert.deepEqual([again.isReplayed, again.data.id], [true, started.data.id]);
  const problems = await importer.file("/v1/registry/jobs/{job_id}/problems", { path: { job_id: job.id } });
  assert.match(await problems.text(), /"line": ?7/);

  const names = [];
  for await (const { name } of importer.items("/v1/registry/institutions", { query: { limit: 2, sort: "name", q: "Ważka" } })) names.push(name);
  assert.deepEqual(names, rows.map((row) => row.split(";")[1]));

  const created = [];
  for await (const page of follow(importer, "registry", { after: before.data.next_cursor, wait: 0 })) created.push(...page.items);
  assert.deepEqual(created.map(({ type }) => type), Array(5).fill("registry.institution.created"));
});

test("who was slower is told what it is now, or writes again", async () => {
  const path = { institution_id: (await importer.post("/v1/registry/institutions", { body: institution })).data.id };
  const read = () => importer.get("/v1/registry/institutions/{institution_id}", { path });
  const rename = (name: string, ifMatch: string) => importer.patch("/v1/registry/institutions/{institution_id}", { path, body: { name }, ifMatch });
  let others = 0;
  const slow = async (etag: string) => {
    if (others++ === 0) await rename("Inny", etag);
    return rename("Mój", etag);
  };
  await assert.rejects(change(read, ({ etag }) => slow(etag)), (problem: ChangedMeanwhile<{ name: string }>) => {
    assert.equal(problem.current?.name, "Inny");
    return problem instanceof ChangedMeanwhile;
  });
  others = 0;
  const written = await change(read, ({ etag }) => slow(etag), { tries: 2 });
  assert.equal(written.data.name, "Mój");
});

test("a file and the JSON of one address are told apart", async () => {
  const csv = await importer.file("/v1/registry/institutions", { query: { format: "csv" } });
  assert.match((await csv.text()).split("\n")[0]!, /county_terc/);
  // @ts-expect-error what would make a file of the answer is not taken here
  const wrong = importer.get("/v1/registry/institutions", { query: { format: "csv" } });
  await assert.rejects(wrong, SyntaxError);
});

test("a day is that of Poland, an hour or two before the one of UTC", () => {
  const instants = ["2026-11-29T22:59:59Z", "2026-11-29T23:00:00Z", "2026-07-01T21:59:59Z", "2026-07-01T22:00:00Z"];
  const days = instants.map((instant) => today(new Date(instant)));
  assert.deepEqual(days, ["2026-11-29", "2026-11-30", "2026-07-01", "2026-07-02"]);
});
