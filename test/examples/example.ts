/** The examples, copied to where a test may write, and run by the built command line, as a user runs them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, jest } from '@jest/globals';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { everyPython, onPath } from '../../adapters/local/environments/python/find-pythons.ts';
import {
  inspectInterpreter,
  isBroken,
} from '../../adapters/local/environments/python/inspect-interpreter.ts';
import { command, type Finished, packageRoot } from '../support/cli/project.ts';
import { parseCsv } from '../support/tables/parse-csv.ts';

// The first test of an example may have to install a gigabyte of packages.
jest.setTimeout(10 * 60_000);

export type Row = Record<string, string>;

/** The oldest minor version of Python 3 that the examples' packages are for. */
const oldestMinor = 11;
const left = new Set(['results', '.gcd', '__pycache__']);

export class Example implements AsyncDisposable {
  readonly name: string;
  readonly folder: string;

  private constructor(name: string, folder: string) {
    this.name = name;
    this.folder = folder;
  }

  /** A copy of an example's folder, without what runs left in it. */
  static async copy(name: string): Promise<Example> {
    const example = new Example(name, await mkdtemp(join(tmpdir(), `gcd example ${name} `)));
    await cp(join(packageRoot, 'examples', name), example.folder, {
      recursive: true,
      filter: (path) => !left.has(basename(path)),
    });
    const python = await pythonIfDefaultIsOlder();
    if (python) await example.configure(`python: ${JSON.stringify(python)}`);
    return example;
  }

  /** A copy that has the data of a specification for synthetic_pv.py in place of its own. */
  static async withPower(name: string, specification: object): Promise<Example> {
    const example = await Example.copy(name);
    await example.emptyData();
    const script = join(import.meta.dirname, 'synthetic_pv.py');
    const { status, stderr } = spawnSync('python3', [script, join(example.folder, 'data')], {
      input: JSON.stringify(specification),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`synthetic_pv.py: ${stderr}`);
    return example;
  }

  async emptyData(): Promise<void> {
    await rm(join(this.folder, 'data'), { recursive: true });
    await mkdir(join(this.folder, 'data'));
  }

  /** Adds lines to config.yaml; a key that is there already gives way. */
  async configure(lines: string): Promise<void> {
    const key = /^\w+(?=:)/.exec(lines)![0];
    const text = await readFile(join(this.folder, 'config.yaml'), 'utf8');
    await this.write('config.yaml', `${text.replace(new RegExp(`^${key}:.*\n`, 'm'), '')}\n${lines}\n`);
  }

  write = (path: string, text: string): Promise<void> => writeFile(join(this.folder, path), text);

  start = (...args: string[]): Promise<Finished> =>
    command(['start', '--project', this.folder, '--yes', ...args]);

  /** Runs all of its tasks; each must succeed. */
  async results(): Promise<Row[]> {
    const { code, stderr } = await this.start('-n', '0');
    // Read only when there should be some: a run that never began leaves no tables.
    const errors = code === 1 ? await this.table('error.csv') : [];
    expect({ code, errors, stderr }).toEqual({ code: 0, errors: [], stderr });
    return this.table('results.csv');
  }

  table = async (name: string): Promise<Row[]> =>
    parseCsv(await readFile(join(this.folder, 'results', name), 'utf8'));

  /** The picture of its results, as docs/examples.md has one. */
  async picture(): Promise<string> {
    const [table, picture] = ['results/results.csv', 'picture.svg'].map((path) => join(this.folder, path));
    const script = join(packageRoot, 'scripts/plot-examples.py');
    execFileSync('python3', ['-B', script, this.name, table!, picture!]);
    return readFile(picture!, 'utf8');
  }

  /** The Python that has the example's packages; only after a run. */
  async python(): Promise<string> {
    const python = (await pythonIfDefaultIsOlder()) ?? null;
    const found = await new LocalEnvironments().find({ project: this.folder, python });
    return found!.python[0]!;
  }

  [Symbol.asyncDispose] = (): Promise<void> => rm(this.folder, { recursive: true, force: true });
}

let chosen: Promise<string | undefined> | undefined;

/** A Python that is new enough, when the one that gcd-sfn would take is not; undefined when that one will do. */
const pythonIfDefaultIsOlder = (): Promise<string | undefined> => (chosen ??= choose());

async function choose(): Promise<string | undefined> {
  for (const path of await onPath('python3', process.env)) {
    const found = await inspectInterpreter(path, {
      env: process.env,
      probeTimeoutMs: 10_000,
      project: packageRoot,
    });
    if (isBroken(found)) continue;
    if (found.release[1]! >= oldestMinor) return undefined;
    break;
  }
  for (const { path } of await everyPython(process.env)) {
    const found = await inspectInterpreter(path, {
      env: process.env,
      probeTimeoutMs: 10_000,
      project: packageRoot,
    });
    if (!isBroken(found) && found.release[1]! >= oldestMinor) return found.executable;
  }
  throw new Error(`the examples need a Python 3.${oldestMinor} or newer, and none is here`);
}

/** A picture of docs/examples.md. */
export const committedPicture = (name: string): Promise<string> =>
  readFile(join(packageRoot, `docs/images/${name}.svg`), 'utf8');

/** What a picture shows, without where: places follow the last digits of results. */
export const drawn = (picture: string): string[] | null => picture.match(/<\w+|>[^<]+</g);

/** The table with a certain column that a README shows, in its own words. */
export async function readmeTable(name: string, column: string): Promise<Row[]> {
  const text = await readFile(join(packageRoot, 'examples', name, 'README.md'), 'utf8');
  const lines = text.split('\n').map((line) => (line.startsWith('|') ? line.slice(1, -1).split('|') : []));
  const cells = lines.map((line) => line.map((cell) => cell.trim()));
  const start = cells.findIndex((line) => line.includes(column));
  const end = cells.findIndex((line, index) => index > start && line.length === 0);
  const [header = [], , ...rows] = cells.slice(start, end);
  return rows.map((row) => Object.fromEntries(header.map((key, index) => [key, row[index]!])));
}

/**
 * Sees that results are those of a README: texts equal, numbers to a hundredth of themselves or what is allowed for
 * their column. Processors differ in the last digits, and optimisation makes a little more of that.
 */
export function expectAsShown(results: Row[], shown: Row[], allowed: Record<string, number> = {}): void {
  const wrong = shown.flatMap((row, index) =>
    Object.entries(row)
      .map(([key, value]) => ({ row: index, key, value, found: results[index]?.[key] }))
      .filter(({ key, value, found }) => !isAlike(value, found, allowed[key])),
  );
  expect(wrong).toEqual([]);
  expect(results).toHaveLength(shown.length);
}

function isAlike(shown: string, found: string | undefined, allowed: number | undefined): boolean {
  if (found === undefined) return false;
  if (shown === '' || Number.isNaN(Number(shown))) return shown === found;
  return Math.abs(Number(shown) - Number(found)) <= (allowed ?? Math.abs(Number(shown)) / 100);
}
