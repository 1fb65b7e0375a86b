/** Reads an object of JSON lines as a stream. */
import { NotFound } from '../../errors/errors.ts';
import type { Store } from '../../store.ts';
import { linesOf } from './parts.ts';

/** The lines of an object, many at a time; none when it is not there. */
export async function* lineGroups(store: Store, key: string): AsyncGenerator<Buffer[]> {
  try {
    yield* linesOf(store.read(key));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}

/**
 * The parsed lines of an object; none when it is not there. A line that is no JSON is left out: a process that is
 * killed leaves a torn line in what it appended.
 */
export async function* jsonLines<Line>(store: Store, key: string): AsyncGenerator<Line> {
  for await (const lines of lineGroups(store, key)) {
    for (const line of lines) {
      const parsed = parse<Line>(line);
      if (parsed !== undefined) yield parsed;
    }
  }
}

function parse<Line>(line: Buffer): Line | undefined {
  try {
    return JSON.parse(line.toString()) as Line;
  } catch {
    return undefined;
  }
}
