/** Read, change, write: nobody else's change is overwritten. */
import type { Answer } from "./client.js";
import { ChangedMeanwhile } from "./problems.js";

/**
 * Reads a thing and writes what `write` makes of it, under the ETag that was read. When somebody else was faster it is
 * read and written anew, at most `tries` times; then ChangedMeanwhile tells what it is now, for a person to decide.
 */
export async function change<T, W>(
  read: () => Promise<Answer<T>>,
  write: (current: Answer<T>) => Promise<Answer<W>>,
  { tries = 1 }: { tries?: number } = {},
): Promise<Answer<W>> {
  let current = await read();
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(current);
    } catch (problem) {
      if (!(problem instanceof ChangedMeanwhile)) throw problem;
      current = await read();
      problem.current = current.data;
      if (attempt >= tries) throw problem;
    }
  }
}
