/** The client: one method for each verb, typed by the address. */
import type { Asked, AskedForJson, FileKind, FilePath, Item, Json, JsonPath, ListPath, Operation, Optional, Verb } from "./asking.js";
import { problemOf, type Problem } from "./problems.js";
import { pause, send, type Patience, type Sender } from "./sending.js";

/** What was answered, with the headers that the next request needs. */
export interface Answer<T> {
  data: T;
  status: number;
  /** The version that was read, for `ifMatch`. */
  etag: string;
  /** Where a job or a new thing is found. */
  location: string | undefined;
  /** Whether this is the kept answer to an earlier request with the same key. */
  isReplayed: boolean;
  headers: Headers;
}

/** An access token, or how to get one; asked again once when the last one was refused. */
export type Token = string | (() => string | Promise<string>);

export interface Options {
  token?: Token;
  /** Of titles and details of refusals; `pl` where nothing is said. */
  language?: "pl" | "en";
  patience?: Partial<Patience>;
  fetch?: typeof fetch;
  pause?: Sender["pause"];
}

/** What any request may have, whatever its address. */
export interface AnyRequest {
  path?: Record<string, unknown> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
  contentType?: string;
  ifMatch?: string;
  idempotencyKey?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  accept?: string;
}

const JSON_KIND = "application/json";

export class Splot {
  private readonly sender: Sender;

  constructor(
    /** The address of the gateway, without `/v1`. */
    readonly url: string,
    private readonly options: Options = {},
  ) {
    const patience = { tries: 4, longestWait: 30, ...options.patience };
    this.sender = { fetch: options.fetch ?? fetch.bind(globalThis), patience, pause: options.pause ?? pause };
  }

  get<P extends JsonPath<"get">>(path: P, ...[asked]: Optional<AskedForJson<Operation<P, "get">>>): Promise<Answer<Json<Operation<P, "get">>>> {
    return this.json("get", path, asked as AnyRequest | undefined);
  }

  post<P extends JsonPath<"post">>(path: P, ...[asked]: Optional<AskedForJson<Operation<P, "post">>>): Promise<Answer<Json<Operation<P, "post">>>> {
    return this.json("post", path, asked as AnyRequest | undefined);
  }

  put<P extends JsonPath<"put">>(path: P, ...[asked]: Optional<Asked<Operation<P, "put">>>): Promise<Answer<Json<Operation<P, "put">>>> {
    return this.json("put", path, asked as AnyRequest | undefined);
  }

  patch<P extends JsonPath<"patch">>(path: P, ...[asked]: Optional<Asked<Operation<P, "patch">>>): Promise<Answer<Json<Operation<P, "patch">>>> {
    return this.json("patch", path, asked as AnyRequest | undefined);
  }

  delete<P extends JsonPath<"delete">>(path: P, ...[asked]: Optional<Asked<Operation<P, "delete">>>): Promise<Answer<Json<Operation<P, "delete">>>> {
    return this.json("delete", path, asked as AnyRequest | undefined);
  }

  /** A file: a list as CSV, a picture, a document. Read it by `.blob()`, `.text()` or as the stream `.body`. */
  file<P extends FilePath>(path: P, ...[asked]: Optional<Asked<Operation<P, "get">> & { accept?: FileKind<Operation<P, "get">> }>): Promise<Response> {
    return this.request("get", path, { accept: "*/*", ...(asked as AnyRequest | undefined) });
  }

  /** Every item of a list, page by page, as they are needed. */
  async *items<P extends ListPath>(path: P, ...[asked]: Optional<AskedForJson<Operation<P, "get">>>): AsyncGenerator<Item<P>, void, undefined> {
    const request = (asked ?? {}) as AnyRequest;
    let cursor: string | null | undefined;
    do {
      const query = cursor ? { ...request.query, cursor } : request.query;
      const { data } = await this.json<{ items: Item<P>[]; next_cursor: string | null }>("get", path, { ...request, query });
      yield* data.items;
      cursor = data.next_cursor;
    } while (cursor);
  }

  /** Any request that is answered with JSON, for addresses that are only known when the program runs. */
  async json<T>(verb: Verb, path: string, asked: AnyRequest = {}): Promise<Answer<T>> {
    const response = await this.request(verb, path, { ...asked, accept: JSON_KIND });
    const data = response.status === 204 ? undefined : await response.json();
    const { headers, status } = response;
    const location = headers.get("location") ?? undefined;
    const isReplayed = headers.get("idempotency-replayed") === "true";
    return { data: data as T, status, etag: headers.get("etag") ?? "", location, isReplayed, headers };
  }

  /** Any request; what is refused is thrown as a ProblemError. */
  async request(verb: Verb, path: string, asked: AnyRequest = {}): Promise<Response> {
    const url = new URL(filled(path, asked.path), this.url);
    for (const [name, value] of Object.entries(asked.query ?? {})) {
      for (const each of Array.isArray(value) ? value : [value]) {
        if (each !== undefined && each !== null) url.searchParams.append(name, String(each));
      }
    }
    const headers = this.headersOf(verb, asked);
    const body = bodyOf(asked);
    const init = { method: verb.toUpperCase(), headers, ...(body !== undefined && { body }), ...(asked.signal && { signal: asked.signal }) };
    let response = await this.sendAs(url.href, init);
    // A token lives for minutes: one that was good when it was taken may be over now.
    if (response.status === 401 && typeof this.options.token === "function") response = await this.sendAs(url.href, init);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  private async sendAs(url: string, init: RequestInit & { headers: Headers }): Promise<Response> {
    const { token } = this.options;
    const value = typeof token === "function" ? await token() : token;
    if (value) init.headers.set("authorization", `Bearer ${value}`);
    return send(this.sender, url, init);
  }

  private headersOf(verb: Verb, asked: AnyRequest): Headers {
    const headers = new Headers(asked.headers);
    headers.set("accept", asked.accept ?? JSON_KIND);
    if (this.options.language) headers.set("accept-language", this.options.language);
    if (asked.ifMatch) headers.set("if-match", asked.ifMatch);
    if (verb === "post") headers.set("idempotency-key", asked.idempotencyKey ?? crypto.randomUUID());
    if (asked.body !== undefined) headers.set("content-type", asked.contentType ?? (verb === "patch" ? "application/merge-patch+json" : JSON_KIND));
    return headers;
  }
}

function filled(path: string, values: Record<string, unknown> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

function bodyOf({ body, contentType }: AnyRequest): BodyInit | undefined {
  if (body === undefined) return undefined;
  if (!contentType) return JSON.stringify(body);
  if (contentType === "application/x-www-form-urlencoded") return new URLSearchParams(body as Record<string, string>);
  return body as BodyInit;
}

export type { Problem };
