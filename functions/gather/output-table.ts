/** files.csv, and the list of output files to copy: those that counted records name. */
import { layout } from '../../core/run-store/layout.ts';
import { type OutputFile, outputsOf } from '../../core/run-store/records/output-files.ts';
import type { Task } from '../../core/run-store/records/records.ts';
import { filesTable } from '../../core/run-store/result-names.ts';
import { exists, type Store } from '../../core/store.ts';
import { cell } from './csv-cells.ts';
import { Rows } from './growing-tables.ts';
import { OutputNames } from './output-names.ts';
import { Scratch } from './spill-buffer.ts';

const columns = ['file_name', 'column_name', 'task_id', 'path', 'bytes'] as const;

export class OutputTable implements Disposable {
  readonly #rows = new Rows(columns);
  readonly #list = new Scratch();
  readonly #names = new OutputNames();
  count = 0;
  bytes = 0;

  /** Adds the files of a successful task; call in the manifest's order. @param record its text */
  add({ id, file, column }: Task, record: string): void {
    const outputs = outputsOf(record);
    if (!outputs) return;
    const paths = this.#names.pathsOf(
      { file, column },
      outputs.list.map(([path]) => path),
    );
    for (const [place, [, bytes]] of outputs.list.entries()) {
      const path = paths[place] as string;
      const line: OutputFile = {
        key: layout.output(outputs.at, place),
        path,
        bytes,
        task: { id, file, column },
      };
      this.#list.appendText(`${JSON.stringify(line)}\n`);
      this.#rows.add([cell(file), cell(column ?? ''), id, cell(path), String(bytes)]);
      this.count++;
      this.bytes += bytes;
    }
  }

  /** Without files there is no table: that of an earlier execution is deleted. */
  async write(store: Store): Promise<void> {
    await store.write(layout.files, this.#list.chunks());
    const key = layout.result(filesTable);
    if (this.count > 0) await store.write(key, this.#rows.chunks());
    else if (await exists(store, key)) await store.remove(key);
  }

  [Symbol.dispose](): void {
    this.#rows[Symbol.dispose]();
    this.#list[Symbol.dispose]();
  }
}
