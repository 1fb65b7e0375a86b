/** What to do with a batch whose supervisor died: keep what is done, strike the task that was executing. */
import { createReadStream, existsSync } from 'node:fs';
import { linesOf } from '../../../core/run-store/records/lines.ts';
import { readLine } from '../../../core/run-store/records/part-line.ts';
import type { TaskRecord } from '../../../core/run-store/records/records.ts';
import { type Offer, type SentTask, withoutDone } from './offers.ts';

/**
 * Changes the offer to what is left of it. A supervisor works a batch off in order, so the first task
 * without a record is the one that was executing.
 * @param part path of the dead supervisor's part
 * @param why what is known of the death
 * @returns lines for the next part: the attempt that counts against the struck task, or its last record
 */
export async function recover(
  offer: Offer,
  part: string,
  maxAttempts: number,
  why: string,
): Promise<string[]> {
  const outcomes = new Map<string, 'succeeded' | 'failed'>();
  if (existsSync(part))
    for await (const lines of linesOf(createReadStream(part)))
      for (const line of lines) {
        const read = readLine(line);
        if (read.kind === 'succeeded' || read.kind === 'failed')
          outcomes.set(`${read.index} ${read.task}`, read.kind);
      }
  const mine = (JSON.parse(offer.line) as SentTask[]).map(([index, id]) => outcomes.get(`${index} ${id}`));
  offer.before.succeeded += mine.filter((outcome) => outcome === 'succeeded').length;
  offer.before.failed += mine.filter((outcome) => outcome === 'failed').length;
  const left = JSON.parse(
    withoutDone(offer.line, { has: (index, id) => outcomes.has(`${index} ${id}`), attempts: new Map() }).line,
  ) as SentTask[];

  const [struck] = left;
  const lines: string[] = [];
  if (struck) {
    const [index, task, file, column, before = 0] = struck;
    const attempt = before + 1;
    if (attempt < maxAttempts) {
      left[0] = [index, task, file, column, attempt];
      const event = { event: 'attempt', index, task, attempt, class: 'lost-node', message: why };
      lines.push(`${JSON.stringify(event)}\n`);
    } else {
      left.shift();
      offer.before.failed++;
      lines.push(`${JSON.stringify(lostRecord(index, task, attempt, why))}\n`);
    }
  }
  offer.line = JSON.stringify(left);
  offer.tasks = left.length;
  return lines;
}

function lostRecord(index: number, task: string, attempt: number, message: string): TaskRecord {
  const now = Date.now() / 1000;
  const error = { class: 'lost-node' as const, type: 'WorkerLost', message, traceback: '' };
  return { status: 'failed', index, task, attempt, start: now, end: now, cpu: 0, memory: 0, error };
}
