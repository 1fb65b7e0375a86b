/** Files that tasks have written: their keys in the run's store, and their paths in the results. */

import { NotFound } from '../../errors/errors.ts';
import type { Store } from '../../store.ts';
import { layout } from '../layout.ts';
import { filesFolder } from '../result-names.ts';
import { linesOf } from './lines.ts';
import type { OutputFiles, Task } from './records.ts';

/** A line of `gathered/files.jsonl`: one file of a task that counts. */
export interface OutputFile {
  /** Where its bytes are in the run's store. */
  key: string;
  /** Its path below the folder of the results: `files/<file>/<column>/…`. */
  path: string;
  bytes: number;
  task: Pick<Task, 'id' | 'file' | 'column'>;
}

/** Text of a record that names files; other records may contain it, too. */
const mark = '"files":{"at":';

/** The files of a task, from the text of its record; undefined if it has none. */
export function outputsOf(record: string): OutputFiles | undefined {
  if (!record.includes(mark)) return undefined;
  const { files } = JSON.parse(record) as { files?: OutputFiles };
  return files;
}

const key = new RegExp(`^${layout.outputs}[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}/\\d+$`);
const path = new RegExp(`^${filesFolder}(/(?!\\.{1,2}(/|$))[^/\\\\\\p{Cc}]+)+$`, 'u');

/** Whether gathering can have written this line: others may write to the bucket. */
function isOutputFile(given: unknown): given is OutputFile {
  const file = given as OutputFile | null;
  return (
    file !== null &&
    key.test(file.key) &&
    path.test(file.path) &&
    Number.isSafeInteger(file.bytes) &&
    file.bytes >= 0
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** The files of a run's results, as gathered. */
export async function* outputFiles(store: Store): AsyncGenerator<OutputFile> {
  try {
    for await (const lines of linesOf(store.read(layout.files)))
      for (const line of lines) {
        const file = parsed(line.toString());
        if (isOutputFile(file)) yield file;
      }
  } catch (error) {
    // The run is of an earlier version, or was not gathered.
    if (!(error instanceof NotFound)) throw error;
  }
}
