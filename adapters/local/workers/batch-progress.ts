/**
 * How far the pieces of a worker are. A supervisor runs pieces in order, and the tasks of a piece in order; a task whose
 * attempt failed runs again after the other tasks of its piece.
 */
import { createReadStream, existsSync } from 'node:fs';
import { linesOf } from '../../../core/run-store/records/lines.ts';
import { readLine } from '../../../core/run-store/records/part-line.ts';
import type { Execution } from './execution.ts';
import type { Piece, SentTask } from './pieces.ts';

export class BatchProgress {
  /** Of each piece: tasks without a record, in the order in which they run, with the attempts counted against them. */
  readonly remaining: SentTask[][];
  /** Of each piece: records that were heard. */
  readonly counts: { succeeded: number; failed: number }[];

  constructor(pieces: readonly Piece[]) {
    this.remaining = pieces.map(({ line }) => JSON.parse(line) as SentTask[]);
    this.counts = pieces.map(() => ({ succeeded: 0, failed: 0 }));
  }

  /** The supervisor has written a record, or a failed attempt, of a task. */
  heard(kind: 'succeeded' | 'failed' | 'attempt', index: number, id: string): void {
    for (const [n, tasks] of this.remaining.entries()) {
      const at = tasks.findIndex((task) => task[0] === index && task[1] === id);
      const [task] = at === -1 ? [] : tasks.splice(at, 1);
      if (!task) continue;
      if (kind === 'attempt') tasks.push([task[0], task[1], task[2], task[3], (task[4] ?? 0) + 1]);
      else (this.counts[n] as { succeeded: number; failed: number })[kind]++;
      return;
    }
  }

  /**
   * The task that a child was in when it died; undefined if it was in none.
   * @param execution what the child says of itself: it may be ahead of the records
   * @param answered executions that the child had reported in its life
   */
  executing(execution: Execution | undefined, answered: number): SentTask | undefined {
    if (!execution || execution.finished >= execution.started) return undefined;
    const ahead = execution.started - answered - 1;
    return ahead < 0 ? undefined : this.remaining.flat()[ahead];
  }

  /** Makes what is left of the pieces the pieces. */
  update(pieces: readonly Piece[]): void {
    for (const [n, piece] of pieces.entries()) {
      const tasks = this.remaining[n] ?? [];
      piece.line = JSON.stringify(tasks);
      piece.tasks = tasks.length;
      piece.before.succeeded += this.counts[n]?.succeeded ?? 0;
      piece.before.failed += this.counts[n]?.failed ?? 0;
    }
  }
}

/**
 * The progress of pieces whose supervisor died, from what it has written.
 * @param part path of the supervisor's part
 * @param skip lines at the part's start that the supervisor has not written
 */
export async function replay(pieces: readonly Piece[], part: string, skip: number): Promise<BatchProgress> {
  const progress = new BatchProgress(pieces);
  if (pieces.length === 0 || !existsSync(part)) return progress;
  let left = skip;
  for await (const lines of linesOf(createReadStream(part)))
    for (const line of lines) {
      if (left-- > 0) continue;
      const read = readLine(line);
      if (read.kind === 'succeeded' || read.kind === 'failed' || read.kind === 'attempt')
        progress.heard(read.kind, read.index, read.task);
    }
  return progress;
}
