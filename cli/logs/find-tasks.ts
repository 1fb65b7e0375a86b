/** The tasks that somebody means, by their id, their file or their name. */
import { basename } from 'node:path';
import { NotFound, UsageError } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { taskName } from '../../core/run-store/plan/manifest.ts';
import { jsonLines } from '../../core/run-store/records/lines.ts';
import type { Task } from '../../core/run-store/records/records.ts';
import { exists, type Store } from '../../core/store.ts';

/** More are neither needed to tell that a word is ambiguous, nor of use to whoever reads it. */
const named = 5;
const wholeId = 16;

/** From the way that is surest to mean a task to the one that may mean several. */
const ways: ((task: Task, word: string) => boolean)[] = [
  ({ id }, word) => id === word,
  (task, word) => taskName(task) === word,
  ({ file }, word) => file === word,
  ({ file }, word) => basename(file) === word,
];

/**
 * The ids of the tasks that `word` means: one, or all of a file.
 * @param word an id or its beginning, a file, or a task as it is shown
 * @throws UsageError when it means none, or the beginnings of several
 */
export async function findTasks(store: Store, run: string, word: string): Promise<Set<string>> {
  if (!(await exists(store, layout.manifest)))
    throw new UsageError(`run ${run} has no tasks yet`, { hint: 'It is still being planned, or never was.' });
  const found = ways.map(() => new Set<string>());
  const beginning: Task[] = [];
  for await (const task of jsonLines<Task>(store, layout.manifest)) {
    const way = ways.findIndex((means) => means(task, word));
    if (way >= 0) found[way]?.add(task.id);
    else if (word !== '' && beginning.length <= named && task.id.startsWith(word)) beginning.push(task);
  }
  const surest = found.find(({ size }) => size > 0);
  if (surest) return surest;
  const [only, ...others] = beginning;
  if (only && others.length === 0) return new Set([only.id]);
  if (only) {
    const list = beginning.slice(0, named).map((task) => `${task.id}  ${taskName(task)}`);
    throw new UsageError(`the ids of several tasks of run ${run} begin with '${word}'`, {
      hint: [...list, ...(beginning.length > named ? ['…'] : [])].join('\n'),
    });
  }
  throw new UsageError(`run ${run} has no task '${word}'`, {
    hint: `Take an id (${wholeId} digits, or as many as are unique) from the column task_id of logs.csv or error.csv, or a file's name.`,
  });
}

/**
 * Sees to it that the run has this worker.
 * @param logging the workers that have a log
 * @throws UsageError that names those it has
 */
export async function checkWorker(
  store: Store,
  run: string,
  worker: string,
  logging: string[],
): Promise<void> {
  const workers = new Set(logging);
  try {
    for await (const { key } of store.list(layout.parts(1))) {
      const name = /^\d+-(.+)-\d+\.jsonl$/.exec(basename(key))?.[1];
      if (name) workers.add(name);
    }
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
  if (workers.has(worker)) return;
  throw new UsageError(`run ${run} has no worker '${worker}'`, {
    hint:
      workers.size === 0
        ? 'It has not started any yet.'
        : `Its workers are: ${[...workers].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', ')}`,
  });
}
