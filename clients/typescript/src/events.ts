/** The event feed of a service. */
import type { Path } from "./asking.js";
import type { Splot } from "./client.js";
import type { components } from "./generated/api.js";

export type Service = Path extends infer P ? (P extends `/v1/${infer S}/events` ? S : never) : never;
export type EventFeed = components["schemas"]["EventFeed"];

export interface Following {
  /** The cursor that was kept; from the beginning where there is none. */
  after?: string;
  /** Only events of this type. */
  type?: string;
  /** Seconds that each question waits for news; 0 ends with the last event that is there now. */
  wait?: number;
  signal?: AbortSignal;
}

/**
 * The events of a service in their order, page by page. Keep `next_cursor` once a page is done with, and begin with it
 * the next time: then each event is seen at least once, and none is lost.
 */
export async function* follow(splot: Splot, service: Service, following: Following = {}): AsyncGenerator<EventFeed, void, undefined> {
  const { after = "0", type = "", wait = 30, signal } = following;
  let cursor = after;
  for (;;) {
    const query = { after: cursor, wait, ...(type && { type }) };
    const { data } = await splot.json<EventFeed>("get", `/v1/${service}/events`, { query, ...(signal && { signal }) });
    if (data.items.length > 0) yield data;
    else if (wait === 0) return;
    cursor = data.next_cursor;
  }
}
