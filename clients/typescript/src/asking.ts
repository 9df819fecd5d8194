/** What each address takes and answers, read off the generated types. */
import type { paths } from "./generated/api.js";

export type Verb = "get" | "post" | "put" | "patch" | "delete";
export type Path = keyof paths;

/** The operation of a verb at an address; never where there is none. */
export type Operation<P extends Path, V extends Verb> = P extends Path ? NonNullable<paths[P][V]> : never;

type Success = 200 | 201 | 202 | 204;
type Answers<O> = O extends { responses: infer R } ? R[keyof R & Success] : never;
type Contents<O> = Answers<O> extends infer A ? (A extends { content: infer C } ? NonNullable<C> : never) : never;
type Kinds<O> = Contents<O> extends infer C ? (C extends C ? keyof C : never) : never;

/** The JSON that an operation answers with; undefined where it answers without a body. */
export type Json<O> =
  | (Contents<O> extends infer C ? (C extends { "application/json": infer J } ? J : never) : never)
  | (O extends { responses: { 204: unknown } } ? undefined : never);

/** The media types of files that an operation answers with. */
export type FileKind<O> = Exclude<Kinds<O>, "application/json"> & string;

export type JsonPath<V extends Verb> = { [P in Path]: [Json<Operation<P, V>>] extends [never] ? never : P }[Path];
export type FilePath = { [P in Path]: [FileKind<Operation<P, "get">>] extends [never] ? never : P }[Path];
export type ListPath = {
  [P in JsonPath<"get">]: Json<Operation<P, "get">> extends { items: readonly unknown[]; next_cursor: unknown } ? P : never;
}[JsonPath<"get">];
export type Item<P extends ListPath> =
  Json<Operation<P, "get">> extends { items: readonly (infer I)[] } ? I : never;

// A format makes a file of what would be JSON: `get` does not take it, `file` does.
type FormatOfFiles = "format" | "dialect";
type Parameters<O> = O extends { parameters: infer A } ? A : never;
type Needs<K extends string, V> = [V] extends [never]
  ? { [key in K]?: never }
  : {} extends V
    ? { [key in K]?: V }
    : { [key in K]: V };

type InPath<O> = Parameters<O> extends { path: infer V } ? { path: V } : { path?: never };
type InQuery<O> = Parameters<O> extends { query?: infer V } ? Needs<"query", NonNullable<V>> : { query?: never };
type Match<O> = Parameters<O> extends { header: { "if-match": string } } ? { ifMatch: string } : { ifMatch?: string };
type Body<O> = O extends { requestBody: { content: infer C } }
  ? Sent<C>
  : O extends { requestBody?: infer B }
    ? [NonNullable<B>] extends [never]
      ? { body?: never }
      : NonNullable<B> extends { content: infer C }
        ? Partial<Sent<C>>
        : never
    : never;
type Sent<C> = C extends { "application/json": infer J }
  ? { body: J }
  : C extends { "application/x-www-form-urlencoded": infer F }
    ? { body: F; contentType: "application/x-www-form-urlencoded" }
    : { body: Blob | string | Uint8Array<ArrayBuffer>; contentType: keyof C & string };

interface Always {
  /** Kept the same when the request is sent again; made where none is given. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

/** Everything that an operation takes. */
export type Asked<O> = InPath<O> & InQuery<O> & Match<O> & Body<O> & Always;

/** The same without what would make a file of the answer. */
export type AskedForJson<O> =
  [FileKind<O>] extends [never] ? Asked<O> : Omit<Asked<O>, "query"> & { query?: Omit<NonNullable<Asked<O>["query"]>, FormatOfFiles> };

/** An argument that may be left out where nothing in it is needed. */
export type Optional<A> = {} extends A ? [asked?: A] : [asked: A];
