/** Long work: what a 202 led to, as it proceeds. */
import type { Answer, Splot } from "./client.js";
import { ProblemError, Unreachable, type Problem } from "./problems.js";
import type { components } from "./generated/api.js";

type Schemas = components["schemas"];

/** Each service's own: what their jobs come to differs. */
export type Job = Schemas[`${"" | "Screening" | "Casework" | "Training"}JobRead`];

const ENDED = new Set<string>(["succeeded", "failed", "cancelled"]);

/** The job each time that it has changed, until it has ended. A stream that breaks is taken up where it broke. */
export async function* watch<J extends Job>(splot: Splot, started: Answer<J>, signal?: AbortSignal): AsyncGenerator<J, void, undefined> {
  const address = started.location ?? "";
  let seen = "";
  for (;;) {
    const headers = { ...(seen && { "last-event-id": seen }) };
    const response = await splot.request("get", `${address}/events`, { headers, accept: "text/event-stream", ...(signal && { signal }) });
    if (response.status === 204 || !response.body) return;
    try {
      for await (const { id, data } of serverSentEvents(response.body)) {
        const job = JSON.parse(data) as J;
        seen = id;
        yield job;
        if (ENDED.has(job.state)) return;
      }
    } catch (cause) {
      // A connection that broke; whoever asked may have gone as well.
      if (signal?.aborted || !(cause instanceof TypeError)) throw cause;
    }
  }
}

/** The job once it has succeeded; what it failed of is thrown as a ProblemError. */
export async function finished<J extends Job>(splot: Splot, started: Answer<J>, signal?: AbortSignal): Promise<J> {
  let job: J = started.data;
  for await (job of watch(splot, started, signal));
  if (job.state === "succeeded") return job;
  const problem = job.problem as Problem & Record<string, unknown> | null;
  if (problem) throw new ProblemError(problem.status, problem, undefined);
  throw new Unreachable(`the job ended as ${job.state}`);
}

interface ServerSentEvent {
  id: string;
  data: string;
}

/** The events of a stream (HTML standard, 9.2), as far as the platform uses them. */
async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const lines = block.split("\n");
        const valuesOf = (name: string) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
        const data = valuesOf("data").join("\n");
        if (data) yield { id: valuesOf("id")[0] ?? "", data };
      }
    }
  } finally {
    await reader.cancel();
  }
}
