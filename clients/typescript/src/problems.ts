/** Refusals of the platform (RFC 9457) as errors. */
import type { components } from "./generated/api.js";
import type { ProblemCode } from "./generated/codes.js";

export type Problem = components["schemas"]["Problem"] & { code: ProblemCode | (string & {}) };

/** One thing wrong with a request: where it stands, and a stable code. */
export type FieldError = NonNullable<Problem["errors"]>[number];

/** A refusal: `code` is stable, `title` and `detail` are for people and say what to do, `missing` what is lacking. */
export class ProblemError extends Error {
  override readonly name: string = "ProblemError";
  readonly code: Problem["code"];
  readonly title: string;
  readonly detail: string | undefined;
  readonly missing: readonly string[];
  readonly allowed: readonly string[];
  readonly errors: readonly FieldError[];
  /** What the caller lacks, where a right does not reach so far. */
  readonly relation: string | undefined;
  readonly permission: string | undefined;
  readonly traceId: string | undefined;

  constructor(
    readonly status: number,
    /** All that was said, with the facts that only this kind of refusal has. */
    readonly problem: Problem & Readonly<Record<string, unknown>>,
    /** Seconds after which the same may be asked again. */
    readonly retryAfter: number | undefined,
  ) {
    super([`${problem.title}.`, problem.detail, ...places(problem.errors)].filter(Boolean).join(" "));
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.missing = words(problem["missing"]);
    this.allowed = words(problem["allowed"]);
    this.errors = problem.errors ?? [];
    this.relation = word(problem["relation"]);
    this.permission = word(problem["permission"]);
    this.traceId = problem.trace_id;
  }
}

/** 412: it was changed since it was read. `current` is what it is now, once `change` has read it again. */
export class ChangedMeanwhile<T = unknown> extends ProblemError {
  override readonly name = "ChangedMeanwhile";
  current: T | undefined;
}

/** No answer came, as often as it was tried. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The error that an answer tells. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const problem = await problemIn(response);
  const kind = response.status === 412 ? ChangedMeanwhile : ProblemError;
  return new kind(response.status, problem, secondsToWait(response));
}

/** What an answer says as a problem; of one that is none, its status in words. */
export async function problemIn(response: Response): Promise<ProblemError["problem"]> {
  const told = (response.headers.get("content-type") ?? "").includes("json") ? await response.json() : {};
  const { status, statusText } = response;
  return { type: "about:blank", title: statusText || `HTTP ${status}`, status, code: `http_${status}`, trace_id: "", ...told };
}

/** Retry-After in seconds, which may be told as an instant (RFC 9110, 10.2.3). */
export function secondsToWait(response: Response): number | undefined {
  const told = response.headers.get("retry-after");
  if (told === null) return undefined;
  const seconds = /^\d+$/.test(told) ? Number(told) : (Date.parse(told) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** Where something is wrong, and what: `(/role unsuited_role)`. */
function places(errors: Problem["errors"] = []): string[] {
  const each = errors.map(({ pointer, parameter, header, code }) => `${pointer ?? parameter ?? header} ${code}`);
  return each.length > 0 ? [`(${each.join(", ")})`] : [];
}

function word(told: unknown): string | undefined {
  return typeof told === "string" ? told : undefined;
}

function words(told: unknown): readonly string[] {
  if (Array.isArray(told)) return told.map(String);
  return typeof told === "string" ? [told] : [];
}
