/** Tasks of a manifest: by their index, and how people know them. */
import { lineGroups } from './json-lines.ts';
import { layout } from './layout.ts';
import type { Task } from './records.ts';
import type { Store } from './store.ts';

/** The tasks on these lines of the manifest; reads no further than the last of them. */
export async function tasksAt(store: Store, indices: Set<number>): Promise<Map<number, Task>> {
  const found = new Map<number, Task>();
  let first = 0;
  if (indices.size === 0) return found;
  for await (const lines of lineGroups(store, layout.manifest)) {
    for (const index of indices) {
      const line = lines[index - first];
      if (line) found.set(index, JSON.parse(line.toString()) as Task);
    }
    first += lines.length;
    if (found.size === indices.size) break;
  }
  return found;
}

export async function taskAt(store: Store, index: number): Promise<Task | undefined> {
  return (await tasksAt(store, new Set([index]))).get(index);
}

/** A task's name as people know it: `file, column`, or `file` alone when that is no table. */
export const taskName = ({ file, column }: { file: string; column: string | null }): string =>
  column === null ? file : `${file}, ${column}`;
