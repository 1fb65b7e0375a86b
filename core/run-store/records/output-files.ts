/** Files that tasks have written: where they lie in a run's store, and what they are called in its results. */

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

/** What stands in a record's text when it names files, and perhaps in others. */
const mark = '"files":{"at":';

/** The files of a task, from the text of its record; undefined when it has none. */
export function outputsOf(record: string): OutputFiles | undefined {
  if (!record.includes(mark)) return undefined;
  const { files } = JSON.parse(record) as { files?: OutputFiles };
  return files;
}

const key = new RegExp(`^${layout.outputs}[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}/\\d+$`);
const path = new RegExp(`^${filesFolder}(/(?!\\.{1,2}(/|$))[^/\\\\\\p{Cc}]+)+$`, 'u');

/** Whether the list says what gathering may have written: others may write into a bucket. */
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

/** The files of a run's results, as gathering has listed them. */
export async function* outputFiles(store: Store): AsyncGenerator<OutputFile> {
  try {
    for await (const lines of linesOf(store.read(layout.files)))
      for (const line of lines) {
        const file = parsed(line.toString());
        if (isOutputFile(file)) yield file;
      }
  } catch (error) {
    // A run of an earlier version, or one that was not gathered.
    if (!(error instanceof NotFound)) throw error;
  }
}
