/** One request, sent again where that can do no harm. */
import { problemIn, secondsToWait, Unreachable } from "./problems.js";

export interface Patience {
  /** How often a request is sent at most. */
  tries: number;
  /** The longest that is waited between two tries, in seconds; when told to wait longer, the refusal is the answer. */
  longestWait: number;
}

export interface Sender {
  fetch: typeof fetch;
  patience: Patience;
  pause: (seconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

// Sent before anything was done, or answered by what stands before the services: trying again is safe for all.
const REFUSED_AT_THE_DOOR = new Set([429, 503]);
const LOST_ON_THE_WAY = new Set([502, 504]);

/** The answer, which may be a refusal; a POST keeps its Idempotency-Key, so it takes effect once however often it is sent. */
export async function send(sender: Sender, url: string, init: RequestInit & { headers: Headers }): Promise<Response> {
  const { tries, longestWait } = sender.patience;
  for (let attempt = 1; ; attempt++) {
    const answer = await tried(sender, url, init, attempt >= tries);
    if (answer && (attempt >= tries || !(await isPassing(answer, init)))) return answer;
    const wait = (answer && secondsToWait(answer)) ?? growing(attempt);
    if (answer && wait > longestWait) return answer;
    await answer?.body?.cancel();
    await sender.pause(Math.min(wait, longestWait), init.signal ?? undefined);
  }
}

/** Undefined where no answer came and it may be tried again. */
async function tried(
  sender: Sender,
  url: string,
  init: RequestInit & { headers: Headers },
  isLast: boolean,
): Promise<Response | undefined> {
  try {
    return await sender.fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    if (isLast || !isRepeatable(init)) throw new Unreachable(`no answer from ${new URL(url).origin}`, { cause });
    return undefined;
  }
}

/** Whether the same request may meet another answer soon, and does no harm if the first took effect unheard. */
async function isPassing(answer: Response, init: RequestInit & { headers: Headers }): Promise<boolean> {
  if (REFUSED_AT_THE_DOOR.has(answer.status)) return true;
  if (LOST_ON_THE_WAY.has(answer.status)) return isRepeatable(init);
  // The first sending of this key is still at work: its answer will be kept for us.
  return answer.status === 409 && (await problemIn(answer.clone())).code === "request_in_progress";
}

/** A change by If-Match is not: had the first one taken effect, the second would be told that somebody else was faster. */
function isRepeatable(init: RequestInit & { headers: Headers }): boolean {
  return init.method === "GET" || (init.method === "POST" && init.headers.has("idempotency-key"));
}

/** Seconds that grow with each try, and differ between clients that were refused together. */
function growing(attempt: number): number {
  return 0.2 * 2 ** attempt * (0.5 + Math.random() / 2);
}

export function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
