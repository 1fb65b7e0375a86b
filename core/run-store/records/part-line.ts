/**
 * Parses a line of a part (worker/PROTOCOL.md). The only parser of records, so that every reader agrees on which tasks are
 * done: an incomplete record is no record.
 */
import { errorClasses, isOutputFiles, type Row, type TaskError, type WorkerEvent } from './records.ts';

/** A record up to its result or error, every value as text as the worker wrote it. */
export interface RecordHead {
  status: 'succeeded' | 'failed';
  index: number;
  /** The task's id. */
  task: string;
  attempt: string;
  start: string;
  end: string;
  cpu: string;
  memory: string;
  /** Where the result's or the error's value begins in the text. */
  body: number;
}

export type PartLine =
  | ({ kind: 'succeeded'; result: Row | Row[] } & RecordHead)
  | ({ kind: 'failed' } & RecordHead)
  | { kind: 'attempt'; index: number; task: string }
  | { kind: 'worker'; worker: WorkerEvent }
  /** Any other event. */
  | { kind: 'event' }
  | { kind: 'damaged' };

const number = String.raw`(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)`;
const recordHead = new RegExp(
  String.raw`^\{"status":"(succeeded|failed)","index":(\d{1,10}),"task":"([^"\\]*)","attempt":(\d+),` +
    String.raw`"start":${number},"end":${number},"cpu":${number},"memory":(\d+),"(result|error)":`,
);
const damaged: PartLine = { kind: 'damaged' };
const recordStart = '{"status":"';

/** The head of a record's text; undefined for any other text. What follows the head is not checked. */
export function headOf(text: string): RecordHead | undefined {
  const match = recordHead.exec(text);
  if (!match) return undefined;
  const [head, status, index, task = '', attempt = '', start = '', end = '', cpu = '', memory = '', key] =
    match;
  if ((status === 'succeeded') !== (key === 'result')) return undefined;
  const body = head.length;
  return {
    status: status as RecordHead['status'],
    ...{ index: Number(index), task, attempt, start, end, cpu, memory, body },
  };
}

/** Parses and checks a complete line. Never throws. */
export function readLine(line: Buffer): PartLine {
  const text = line.toString();
  const content = parsed(text);
  if (content === undefined) return damaged;
  if (!text.startsWith(recordStart)) return eventOf(content);
  const head = headOf(text);
  if (!head || !isComplete(content, head.status)) return damaged;
  return head.status === 'failed'
    ? { kind: 'failed', ...head }
    : { kind: 'succeeded', result: content.result as Row | Row[], ...head };
}

function isComplete({ result, error, files, output = '' }: Fields, status: RecordHead['status']): boolean {
  if (typeof output !== 'string' || (files !== undefined && !isOutputFiles(files))) return false;
  return status === 'succeeded' ? isResult(result) : isError(error);
}

/** One row, or a list of rows, which may be empty. */
const isResult = (given: unknown): given is Row | Row[] =>
  Array.isArray(given) ? given.every(isFields) : isFields(given);

function isError(given: unknown): given is TaskError {
  if (!isFields(given)) return false;
  return (
    errorClasses.some((known) => known === given.class) &&
    [given.type, given.message, given.traceback].every((value) => typeof value === 'string')
  );
}

function eventOf(content: Fields): PartLine {
  const { event, index, task } = content;
  if (event === 'worker') return isWorker(content) ? { kind: 'worker', worker: content } : damaged;
  if (event === 'attempt')
    return Number.isSafeInteger(index) && Number(index) >= 0
      ? { kind: 'attempt', index: Number(index), task: String(task) }
      : damaged;
  return typeof event === 'string' ? { kind: 'event' } : damaged;
}

function isWorker(given: Fields): given is Fields & WorkerEvent {
  const { worker, node, hostname, ip, pid } = given;
  return [worker, node, hostname, ip].every((text) => typeof text === 'string') && typeof pid === 'number';
}

type Fields = Record<string, unknown>;

const isFields = (given: unknown): given is Fields =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

function parsed(text: string): Fields | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return isFields(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
