/** Tasks of a manifest, by index. */

import type { Store } from '../../store.ts';
import { layout } from '../layout.ts';
import { lineGroups } from '../records/lines.ts';
import type { Task } from '../records/records.ts';
import { Ids } from '../records/task-ids.ts';

/** The tasks at these indices; reads no further than the last. */
export async function tasksAt(store: Store, indices: Set<number>): Promise<Map<number, Task>> {
  const found = new Map<number, Task>();
  let first = 0;
  if (indices.size === 0) return found;
  for await (const lines of lineGroups(store, layout.manifest)) {
    for (const index of indices) {
      const line = lines[index - first];
      const task = line && taskOf(line);
      if (task) found.set(index, task);
    }
    first += lines.length;
    if (found.size === indices.size) break;
  }
  return found;
}

/**
 * The ids of a manifest's tasks, by their index.
 * @param tasks how many the plan has
 * @returns also how many lines name a task
 */
export async function manifestIds(store: Store, tasks: number): Promise<{ ids: Ids; lines: number }> {
  const ids = new Ids(tasks);
  let index = 0;
  let named = 0;
  for await (const lines of lineGroups(store, layout.manifest))
    for (const line of lines) {
      const task = index < tasks ? taskOf(line) : undefined;
      if (task) ids.set(index, task.id);
      if (task) named++;
      index++;
    }
  return { ids, lines: named };
}

/** A line of a manifest; undefined when it is damaged. */
export function taskOf(line: Buffer): Task | undefined {
  try {
    const { id, file, column, size } = JSON.parse(line.toString());
    const isTask = typeof id === 'string' && typeof file === 'string';
    return isTask && (column === null || typeof column === 'string') ? { id, file, column, size } : undefined;
  } catch {
    return undefined;
  }
}

export async function taskAt(store: Store, index: number): Promise<Task | undefined> {
  return (await tasksAt(store, new Set([index]))).get(index);
}

/** A task's name for users: `file, column`, or `file` alone if it is no table. */
export const taskName = ({ file, column }: { file: string; column: string | null }): string =>
  column === null ? file : `${file}, ${column}`;
