/** Reads an object of JSON lines as a stream. */
import { NotFound } from '../../../ports/errors.ts';
import type { Store } from '../../../ports/store.ts';

const pieceBytes = 65_536;

/**
 * The lines of an object as text, without their newlines, in groups as they arrive. An object that is not there has
 * no lines.
 */
export async function* lineGroups(store: Store, key: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of store.read(key)) {
      // A store may hand over a whole object at once; its lines need not all be in memory as text.
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes);
        const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
        rest = lines.pop()!;
        yield lines;
      }
    }
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}

/**
 * The parsed lines of an object; none when it is not there. A line that is no JSON is left out: a process that is
 * killed leaves a torn line at the end of what it appended.
 */
export async function* jsonLines<Line>(store: Store, key: string): AsyncGenerator<Line> {
  for await (const lines of lineGroups(store, key)) {
    for (const line of lines) {
      const parsed = parse<Line>(line);
      if (parsed !== undefined) yield parsed;
    }
  }
}

function parse<Line>(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
