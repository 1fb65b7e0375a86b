/** The attempt that a task loses when its supervisor dies. */
import type { TaskRecord } from '../../../core/run-store/records/records.ts';
import type { SentTask } from './pieces.ts';

/** Why the attempt was lost: the fields of a record's error. */
export interface LostAttempt {
  class: 'lost-node' | 'out-of-memory';
  type: string;
  message: string;
}

/** @returns the line of an attempt event, or of the task's record if the attempt was its last */
export function countLostAttempt(
  [index, task, , , before = 0]: SentTask,
  maxAttempts: number,
  { class: errorClass, type, message }: LostAttempt,
): { line: string; isLast: boolean } {
  const attempt = before + 1;
  if (attempt < maxAttempts) {
    const event = { event: 'attempt', index, task, attempt, class: errorClass, message };
    return { line: `${JSON.stringify(event)}\n`, isLast: false };
  }
  const now = Date.now() / 1000;
  const record: TaskRecord = {
    ...{ status: 'failed', index, task, attempt, start: now, end: now, cpu: 0, memory: 0 },
    error: { class: errorClass, type, message, traceback: '' },
  };
  return { line: `${JSON.stringify(record)}\n`, isLast: true };
}
