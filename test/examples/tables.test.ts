/** What planning tells a task of its table, given to pandas as it stands: the frame has the columns that were planned. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import { defaultTable, type ReadCsv, type TableSettings } from '../../core/run-store/plan/table-layout.ts';
import { columnsOf } from '../../functions/plan/columns/read-columns.ts';
import { command } from '../support/cli/project.ts';
import { encodings, isMisleading, table, textOf } from '../support/tables/arbitrary-tables.ts';
import { parseCsv } from '../support/tables/parse-csv.ts';
import { sampleTables } from '../support/tables/sample-tables.ts';

let folder: string;
let python: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gcd tables '));
  // A Python with another version of pandas, say.
  python = process.env.GCD_TEST_PANDAS ?? (await withPandas(folder));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A Python with pandas; installed once, and kept as environments are. */
async function withPandas(folder: string): Promise<string> {
  await writeFile(join(folder, 'requirements.txt'), 'pandas>=2\n');
  await writeFile(join(folder, 'entrypoint.py'), 'import pandas\n');
  const environments = new LocalEnvironments();
  const wanted = { project: folder, python: null };
  for (;;) {
    const found = await environments.find(wanted);
    if (found) return found.python[0] as string;
    await environments.build(wanted);
    await setTimeout(500);
  }
}

interface Seen {
  columns: string[];
  first: string[] | null;
  rows: number;
  types: string[];
  error?: string;
}

async function planned(key: string, body: string | Buffer, settings: Partial<TableSettings> = {}) {
  const store = new MemoryStore();
  await store.write(key, body);
  for await (const object of store.list(key)) {
    const columns = await columnsOf(store, object, { ...defaultTable, ...settings });
    if (columns.kind === 'table') return columns;
    throw new Error(JSON.stringify(columns));
  }
  throw new Error('not listed');
}

function read(tables: [path: string, table: ReadCsv][]): Seen[] {
  const input = tables.map((table) => `${JSON.stringify(table)}\n`).join('');
  const script = join(import.meta.dirname, 'read-tables.py');
  const { stdout, stderr, status } = spawnSync(python, ['-B', script], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const isValue = (cell: string) => /^(?:nan|[-+]?[\d.]+(?:e[-+]?\d+)?|\d.*)$/i.test(cell);

describe('every file of the field', () => {
  test('is read with the columns that were planned, and its first row is data', async () => {
    const given: [string, ReadCsv][] = [];
    const expected: { what: string; names: string[]; hasData: boolean }[] = [];
    for (const [number, { about, file, content, data }] of sampleTables.entries()) {
      for (const isZipped of [false, true]) {
        if (isZipped && file.endsWith('.gz')) continue;
        const bytes = isZipped ? gzipSync(content) : content;
        const name = `${number}${file}${isZipped ? '.gz' : ''}`;
        const { names, reading } = await planned(name, bytes);
        // A copy may be called otherwise.
        const path = join(folder, isZipped ? `${number}` : name);
        await writeFile(path, bytes);
        given.push([path, reading]);
        expected.push({ what: `${about} ${JSON.stringify(reading)}`, names, hasData: data !== null });
      }
    }
    const wrong = read(given).flatMap(({ columns, first, error }, index) => {
      const { what, names, hasData } = expected[index] as (typeof expected)[number];
      const isSame = JSON.stringify(columns) === JSON.stringify(names);
      const isData = first === null ? !hasData : first.some(isValue);
      return isSame && isData ? [] : [{ what, columns, names, first, error }];
    });
    expect(wrong).toEqual([]);
  });
});

test('tables of all kinds have in pandas the columns that were planned, and their first row', async () => {
  const clear = table.filter((written) => !isMisleading(written, false));
  const given: [string, ReadCsv][] = [];
  const expected: { text: string; names: string[]; row: string[]; rows: number }[] = [];
  const samples = fc.sample(fc.tuple(clear, encodings, fc.boolean()), 600);
  for (const [number, [written, [, encode], isZipped]] of samples.entries()) {
    const { text } = textOf(written);
    const bytes = isZipped ? gzipSync(encode(text)) : encode(text);
    const key = isZipped ? `w${number}.csv.gz` : `w${number}.csv`;
    const { names, reading } = await planned(key, bytes);
    const path = join(folder, isZipped ? `w${number}` : key);
    await writeFile(path, bytes);
    given.push([path, reading]);
    const told = `${JSON.stringify(reading)} ${JSON.stringify(text)}`;
    expected.push({ text: told, names, row: written.rows[0] as string[], rows: written.rows.length });
  }
  const wrong = read(given).flatMap(({ columns, first, rows, error }, index) => {
    const { text, names, row, rows: count } = expected[index] as (typeof expected)[number];
    const isSame = JSON.stringify(columns) === JSON.stringify(names) && rows === count;
    const isFirst = first?.every((cell, at) => isAlike(cell, row[at] as string)) ?? false;
    return isSame && isFirst ? [] : [{ text, columns, first, row, rows, error }];
  });
  expect(wrong.slice(0, 3)).toEqual([]);
});

/** What config.yaml says, the file, and the columns and the first row that it has. */
const told: [string, Partial<TableSettings>, string | Buffer, string[], string[]][] = [
  ['a line', { header: 3 }, 'a,b\n1,2\nTime,P\ns,kW\n5,6\n7,8\n', ['Time', 'P'], ['5', '6']],
  ['no names', { header: 'none' }, 'a,b\n1,2\n', ['0', '1'], ['a', 'b']],
  ['blanks', { delimiter: ' ' }, 'Time   P\n 1    2\n 3    4\n', ['Time', 'P'], ['1', '2']],
  ['another sign', { delimiter: '^' }, 'Time^P\n1^2\n', ['Time', 'P'], ['1', '2']],
  ['comments', { comment: '@' }, '@ x\nTime,P\n@ y\n1,2\n@ z\n3,4\n', ['Time', 'P'], ['1', '2']],
  [
    'comments of two characters',
    { comment: '--' },
    '-- x\nTime,P\n-- y\n1,2\n3,4\n',
    ['Time', 'P'],
    ['1', '2'],
  ],
  [
    'an encoding',
    { encoding: 'shift_jis' },
    // "Time", "power".
    Buffer.concat([Buffer.of(0x8e, 0x9e, 0x2c, 0x93, 0x64), Buffer.from('\n1,2\n3,4\n')]),
    ['時', '電'],
    ['1', '2'],
  ],
  [
    'another encoding',
    { encoding: 'cp1251' },
    Buffer.concat([Buffer.of(0xc2, 0xf0, 0xe5, 0x3b, 0xcc), Buffer.from('\n1;2\n3;4\n')]),
    ['Вре', 'М'],
    ['1', '2'],
  ],
];

test.each(told)('config.yaml says: %s', async (what, settings, body, columns, first) => {
  const path = join(folder, `told ${what}.csv`);
  await writeFile(path, body);
  const { names, reading } = await planned('t.csv', body, settings);
  expect(names).toEqual(columns);
  expect(read([[path, reading]])[0]).toMatchObject({ columns, first });
});

/** A cell as it was written, and as pandas has it. */
const isAlike = (found: string, written: string) =>
  found === written ||
  (written !== '' && Math.abs(Number(found) - Number(written)) <= 1e-9 * Math.abs(Number(written))) ||
  (found === 'nan' && written === 'NaN');

/** What stands in a file, how it is read, the types of its columns, and the first row. */
const numbers: [string, string, ReadCsv, string[], string[]][] = [
  ['a point', 'Time;P\n1;2.5\n', { sep: ';' }, ['int64', 'float64'], ['1.0', '2.5']],
  ['a comma', 'Time;P\n1;2,5\n', { sep: ';', decimal: ',' }, ['int64', 'float64'], ['1.0', '2.5']],
  [
    'a comma after a night of zeros',
    `Time;P\n${'1;0\n'.repeat(90)}1;2,5\n`,
    { sep: ';', decimal: ',' },
    ['int64', 'float64'],
    ['1.0', '0.0'],
  ],
  [
    'a comma in quotes',
    'Time,P\n1,"2,5"\n2,"13,75"\n',
    { decimal: ',' },
    ['int64', 'float64'],
    ['1.0', '2.5'],
  ],
  [
    'thousands by commas',
    'Time,P\n1,"1,234.5"\n2,"13.75"\n',
    { thousands: ',' },
    ['int64', 'float64'],
    ['1.0', '1234.5'],
  ],
  [
    'thousands by points',
    'Time;P\n1;1.234,5\n2;13,75\n',
    { sep: ';', decimal: ',', thousands: '.' },
    ['int64', 'float64'],
    ['1.0', '1234.5'],
  ],
  [
    'thousands by points beside dates with points, which would become numbers',
    'Datum;P\n01.06.2020;1.234,5\n02.06.2020;13,75\n',
    { sep: ';', decimal: ',' },
    ['str', 'str'],
    ['01.06.2020', '1.234,5'],
  ],
  [
    'thousands by blanks',
    'Time;P\n1;1 234,5\n2;13,75\n',
    { sep: ';', decimal: ',', thousands: ' ' },
    ['int64', 'float64'],
    ['1.0', '1234.5'],
  ],
  [
    'thousands by apostrophes',
    "Time;P\n1;1'234.5\n2;2.5\n",
    { sep: ';', thousands: "'" },
    ['int64', 'float64'],
    ['1.0', '1234.5'],
  ],
  [
    'commas that may be either, with semicolons between cells',
    'Time;P\n1;1,234\n2;2,345\n',
    { sep: ';', decimal: ',' },
    ['int64', 'float64'],
    ['1.0', '1.234'],
  ],
  [
    'commas that may be either, with commas between cells',
    'Time,P\n1,"1,234"\n2,"2,345"\n',
    {},
    ['int64', 'str'],
    ['1', '1,234'],
  ],
  [
    'one thing here, another there: the cells stay texts',
    'Time;P;Q\n1;1.5;2,5\n2;1.5;2,5\n',
    { sep: ';' },
    ['int64', 'float64', 'str'],
    ['1', '1.5', '2,5'],
  ],
];

describe('numbers', () => {
  test.each(numbers)('%s', async (what, body, expected, types, first) => {
    const { reading } = await planned('n.csv', body);
    expect(reading).toEqual(expected);
    const path = join(folder, `${what}.csv`);
    await writeFile(path, body);
    const [found] = read([[path, reading]]);
    // Older versions of pandas call texts objects.
    expect(found?.types.map((type) => type.replace('object', 'str'))).toEqual(types);
    expect(found?.first).toEqual(first);
  });
});

test('a function reads each file of a run so', async () => {
  const project = join(folder, 'project');
  await mkdir(join(project, 'data'), { recursive: true });
  const rows = [1, 2, 3].map((n) => `2020-01-0${n};${n},5`).join('\n');
  await writeFile(join(project, 'data/a.csv'), `Time,Power\n1,2\n2,4\n`);
  await writeFile(join(project, 'data/b.csv'), `sep=;\nSomeplace\nTime;Power\ndd.MM.yyyy;kW\n${rows}\n`);
  await writeFile(join(project, 'data/c.csv.gz'), gzipSync(`\ufeff# by hand\nTime;Power\n${rows}\n`));
  await writeFile(join(project, 'data/d.csv'), Buffer.from(`\ufeffTime\tPower\n1\t7\n`, 'utf16le'));
  await writeFile(join(project, 'data/e.glm'), 'module');
  await writeFile(
    join(project, 'config.yaml'),
    `data_bucket: ./data\npython: ${JSON.stringify(python)}\nprocess_column_keywords: Power\n`,
  );
  await writeFile(
    join(project, 'entrypoint.py'),
    `import pandas as pd
def entrypoint(data_file, curr_process_file, curr_process_column, table):
    if table is None:
        return {'file': curr_process_file}
    return {'file': curr_process_file, 'last': float(pd.read_csv(data_file, **table)[curr_process_column].iloc[-1])}
`,
  );
  const { code, stderr } = await command(['start', '--project', project, '--yes', '-n', '0']);
  expect({ code, stderr }).toEqual({ code: 0, stderr });
  const results = parseCsv(await readFile(join(project, 'results/results.csv'), 'utf8'));
  const found = results.map(({ file, last }) => [file, last]).sort();
  expect(found).toEqual([
    ['a.csv', '4.0'],
    ['b.csv', '3.5'],
    ['c.csv.gz', '3.5'],
    ['d.csv', '7.0'],
    ['e.glm', ''],
  ]);
});
