/** The rows of results.csv, logs.csv and error.csv. */
import { headOf } from '../../core/run-store/records/part-line.ts';
import type { ErrorClass, Failure, Task, WorkerEvent } from '../../core/run-store/records/records.ts';
import { shownCell as cell } from './csv-cells.ts';
import { Rows, UnionRows } from './growing-tables.ts';
import { type IdentityColumn, identityCells } from './identity-columns.ts';
import { forEachRow, readFailure } from './record-fields.ts';

/** The predecessor's columns with its names, then ours. Times are seconds since 1970. */
const logColumns = [
  'file_name',
  'column_name',
  'task_id',
  'start_time',
  'end_time',
  'hostname',
  'host_ip',
  'pid',
  'alert_type',
  'po_server_name',
  'node_name',
  'repetition',
  'status',
  'attempt',
  'duration_s',
  'cpu_s',
  'peak_memory_bytes',
] as const;

const errorColumns = [
  'file_name',
  'column_name',
  'task_id',
  'error_class',
  'error_type',
  'message',
  'attempt',
  'start_time',
  'end_time',
  'hostname',
  'po_server_name',
  'node_name',
  'repetition',
  'traceback',
  'output',
] as const;

/** Maximum number of failures for the report. */
const failuresShown = 1000;

export class Tables implements Disposable {
  #results = new UnionRows();
  #identity: IdentityColumn[] = [];
  readonly logs = new Rows(logColumns);
  readonly errors = new Rows(errorColumns);
  readonly failures: Failure[] = [];

  get results(): UnionRows {
    return this.#results;
  }

  /** Sets the first columns of results.csv; call before adding tasks. */
  beginResults(columns: IdentityColumn[]): void {
    this.#results[Symbol.dispose]();
    this.#results = new UnionRows(columns);
    this.#identity = columns;
  }

  /**
   * Adds a finished task. Results are those of the first repetition, which is the most complete.
   * @returns the class of its failure; undefined after a success
   */
  addFinished(
    task: Task,
    repetition: number,
    status: 'succeeded' | 'failed',
    record: string,
    worker: WorkerEvent,
  ): ErrorClass | undefined {
    const head = headOf(record);
    if (!head) throw new Error(`not a record: ${record.slice(0, 200)}`);
    const { attempt, start, end, cpu, memory, body } = head;
    const name = [cell(task.file), cell(task.column ?? ''), task.id];
    const host = [cell(worker.hostname), worker.ip, String(worker.pid)];
    const place = [cell(worker.worker), cell(worker.node), String(repetition)];
    const seconds = Number(end) - Number(start);
    const alert = status === 'succeeded' ? 'SAVED_DATA' : 'SYSTEM_ERROR';
    const measured = [attempt, seconds.toFixed(6), cpu, memory];
    this.logs.add([...name, start, end, ...host, alert, ...place, status, ...measured]);
    if (status === 'succeeded') {
      if (repetition === 1) this.#addResult(task, record, body);
      return undefined;
    }
    const { error, output } = readFailure(record);
    const what = [error.class, error.type, error.message].map(cell);
    const when = [attempt, start, end, cell(worker.hostname), ...place];
    this.errors.add([...name, ...what, ...when, cell(error.traceback), cell(output)]);
    if (this.failures.length < failuresShown) {
      const { id, file, column } = task;
      this.failures.push({ task: id, file, column, attempt: Number(attempt), seconds, error, output });
    }
    return error.class;
  }

  #addResult(task: Task, record: string, body: number): void {
    const cells = identityCells(task);
    forEachRow(record, body, (number, fields) =>
      this.#results.add((set) => {
        for (const name of this.#identity) set(name, name === 'row' ? String(number) : cells[name]);
        fields(set);
      }),
    );
  }

  /** Adds a task without a record: the run was stopped before it ended. */
  addUnfinished({ file, column, id }: Task, repetition: number): void {
    const empty = Array<string>(8).fill('');
    this.logs.add([
      cell(file),
      cell(column ?? ''),
      id,
      ...empty,
      String(repetition),
      'unfinished',
      '',
      '',
      '',
      '',
    ]);
  }

  [Symbol.dispose](): void {
    this.#results[Symbol.dispose]();
    this.logs[Symbol.dispose]();
    this.errors[Symbol.dispose]();
  }
}
