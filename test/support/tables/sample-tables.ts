/** The sample tables of test/fixtures/tables, whose README.md says how to add one. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../fixtures/tables');

export interface SampleFile {
  /** What is special about it. */
  about: string;
  /** Name of the file. */
  file: string;
  content: Buffer;
}

export interface SampleTable extends SampleFile {
  /** Line of the column names, from 1; null: it has none. */
  header: number | null;
  /** First line of data; null: it has none. */
  data: number | null;
  delimiter: string;
  names: string[];
  /** Python's name of its encoding; `utf-8` if absent. */
  encoding?: string;
}

export interface RefusedTable extends SampleFile {
  /** Regular expression of the message. */
  reason: string;
}

/** Path of each `cases.yaml`, and its cases with the contents of their files. */
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, cases: casesIn(join(root, name)) }));

function casesIn(folder: string): SampleFile[] {
  const cases = parse(readFileSync(join(folder, 'cases.yaml'), 'utf8')) as SampleFile[];
  return cases.map((one) => ({ ...one, content: readFileSync(join(folder, one.file)) }));
}

export const sampleTables: SampleTable[] = folders
  .filter(({ name }) => name !== 'refused')
  .flatMap(({ cases }) => cases as SampleTable[]);

/** Files in which no columns can be found. */
export const refusedTables: RefusedTable[] = folders
  .filter(({ name }) => name === 'refused')
  .flatMap(({ cases }) => cases as RefusedTable[]);

/** Files without a case. */
export function undescribedFiles(): string[] {
  return folders.flatMap(({ name, cases }) => {
    const described = new Set([...cases.map(({ file }) => basename(file)), 'cases.yaml']);
    return readdirSync(join(root, name))
      .filter((file) => !described.has(file))
      .map((file) => `${name}/${file}`);
  });
}
