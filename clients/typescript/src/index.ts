export { Splot, type Answer, type AnyRequest, type Options, type Token } from "./client.js";
export { change } from "./changes.js";
export { today } from "./days.js";
export { follow, type EventFeed, type Following, type Service } from "./events.js";
export { finished, watch, type Job } from "./jobs.js";
export { ChangedMeanwhile, ProblemError, Unreachable, type FieldError, type Problem } from "./problems.js";
export type { Patience } from "./sending.js";
export type { ProblemCode } from "./generated/codes.js";
export type { components, paths } from "./generated/api.js";
import type { components } from "./generated/api.js";

/** A shape by its name in the API document: `Schema<"InstitutionRead">`. */
export type Schema<N extends keyof components["schemas"]> = components["schemas"][N];
