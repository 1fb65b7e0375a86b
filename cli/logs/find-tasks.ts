/** Finds tasks by id, file or name, and checks names of workers. */
import { basename } from 'node:path';
import { NotFound, UsageError } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { taskName } from '../../core/run-store/plan/manifest.ts';
import { jsonLines } from '../../core/run-store/records/lines.ts';
import type { Task } from '../../core/run-store/records/records.ts';
import { exists, type Store } from '../../core/store.ts';

/** Candidates listed for an ambiguous id. */
const maxCandidates = 5;
const idLength = 16;

/** Ways to match a word, from the most to the least specific. */
const matchers: ((task: Task, word: string) => boolean)[] = [
  ({ id }, word) => id === word,
  (task, word) => taskName(task) === word,
  ({ file }, word) => file === word,
  ({ file }, word) => basename(file) === word,
];

/**
 * Ids of the tasks that `word` matches: one, or all of a file.
 * @param word an id or its start, a file, or a task's displayed name
 * @throws UsageError when nothing matches, or several ids start with it
 */
export async function findTasks(store: Store, run: string, word: string): Promise<Set<string>> {
  if (!(await exists(store, layout.manifest)))
    throw new UsageError(`run ${run} has no tasks yet`, {
      hint: 'It is still being planned, or was never planned.',
    });
  const found = matchers.map(() => new Set<string>());
  const prefixed: Task[] = [];
  for await (const task of jsonLines<Task>(store, layout.manifest)) {
    const index = matchers.findIndex((matches) => matches(task, word));
    if (index >= 0) found[index]?.add(task.id);
    else if (word !== '' && prefixed.length <= maxCandidates && task.id.startsWith(word)) prefixed.push(task);
  }
  const best = found.find(({ size }) => size > 0);
  if (best) return best;
  const [only, ...others] = prefixed;
  if (only && others.length === 0) return new Set([only.id]);
  if (only) {
    const list = prefixed.slice(0, maxCandidates).map((task) => `${task.id}  ${taskName(task)}`);
    throw new UsageError(`the ids of several tasks of run ${run} start with '${word}'`, {
      hint: [...list, ...(prefixed.length > maxCandidates ? ['…'] : [])].join('\n'),
    });
  }
  throw new UsageError(`run ${run} has no task '${word}'`, {
    hint: `Use an id (${idLength} digits, or a unique start of it) from the column task_id of logs.csv or error.csv, or a file's name.`,
  });
}

/**
 * Checks that the run has this worker.
 * @param logging workers with a log
 * @throws UsageError that lists the run's workers
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
        ? 'It has not started any worker yet.'
        : `Its workers are: ${[...workers].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', ')}`,
  });
}
