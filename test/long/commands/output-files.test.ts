/** Files that tasks write: each task in a place of its own, what it leaves there is in results/files and files.csv. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { command, leftOver, newProject } from '../../support/cli/project.ts';
import { ownColumns } from '../../support/tables/parse-csv.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});

async function projectOf(files: Record<string, string>) {
  const project = await newProject({ 'config.yaml': 'data_bucket: ./data\n', ...files });
  cleanUps.push(project.remove);
  const run = (...args: string[]) => command([...args, '-p', project.folder]);
  const file = (path: string) => readFile(join(project.folder, 'results/files', path), 'utf8');
  const gcd = (path: string) => readdir(join(project.folder, '.gcd/runs', path));
  return { project, run, file, gcd };
}

const data = (names: string[]) => Object.fromEntries(names.map((name) => [`data/${name}`, 'Power\n1\n']));

describe('a working directory of its own', () => {
  test("a project's file that a task changes is as before for the others, and in the project", async () => {
    const { project, run, file } = await projectOf({
      ...data(['a.csv', 'b.csv']),
      'model.txt': 'model',
      'sub/table.txt': 'table',
      'entrypoint.py': `
def entrypoint(curr_process_file, **_):
    seen = open("model.txt").read() + open("sub/table.txt").read()
    open("model.txt", "w").write(curr_process_file)
    return {"seen": seen}
`,
    });
    expect((await run('start', '-n', '0', '-s', '1')).code).toBe(0);
    expect(ownColumns(await project.read('results/results.csv'))).toBe('seen\nmodeltable\nmodeltable\n');
    expect(await project.read('model.txt')).toBe('model');
    expect(await file('b.csv/Power/model.txt')).toBe('b.csv');
  });
});

const writes = `
import os
def entrypoint(curr_process_file, curr_process_column, output_dir, attempt):
    with open(os.path.join(output_dir, "fig.svg"), "w") as file: file.write("<svg>%s</svg>" % curr_process_file)
    os.makedirs("tables", exist_ok=True)
    with open("tables/t.csv", "w") as file: file.write("a" * 3)
    if curr_process_file == "b.csv" and not os.path.exists(os.environ.get("HERE", "/nowhere") + "/mended"):
        raise ValueError("not yet")
    return {"file": curr_process_file}
`;

describe('results/files', () => {
  test('has the files of the tasks that succeeded, listed in files.csv; a failed one, tried again, brings its own', async () => {
    const { project, run, file, gcd } = await projectOf({
      ...data(['a.csv', 'b.csv', 'sub/c.csv']),
      'entrypoint.py': writes,
    });
    process.env.HERE = project.folder;
    const first = await run('start', '-n', '0', '--name', 'one', '-s', '2');
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('files.csv');
    expect(first.stderr).toContain('files/');
    expect(await file('a.csv/Power/fig.svg')).toBe('<svg>a.csv</svg>');
    expect(await file('sub/c.csv/Power/tables/t.csv')).toBe('aaa');
    expect(existsSync(join(project.folder, 'results/files/b.csv'))).toBe(false);
    const table = async () => (await project.read('results/files.csv')).replaceAll(/[0-9a-f]{16}/g, 'ID');
    const rows = (name: string) =>
      `${name},Power,ID,files/${name}/Power/fig.svg,${11 + name.length}\n${name},Power,ID,files/${name}/Power/tables/t.csv,3\n`;
    const header = 'file_name,column_name,task_id,path,bytes\n';
    expect(await table()).toBe(header + rows('a.csv') + rows('sub/c.csv'));
    // Of the failed attempt nothing is left, nor of the working directories.
    expect(await gcd('one/outputs')).toHaveLength(2);
    expect(await gcd('one')).not.toContain('working-directories');

    await project.write('mended', '');
    expect((await run('resume', 'one', '--retry-failed')).code).toBe(0);
    expect(await table()).toBe(header + rows('a.csv') + rows('b.csv') + rows('sub/c.csv'));
    expect(await file('b.csv/Power/fig.svg')).toBe('<svg>b.csv</svg>');
    delete process.env.HERE;
  });

  test('are those of the newest run alone; a folder of the user is put aside; `results` brings them again', async () => {
    const { project, run, file } = await projectOf({ ...data(['a.csv']), 'entrypoint.py': writes });
    await mkdir(join(project.folder, 'results/files'), { recursive: true });
    await writeFile(join(project.folder, 'results/files/mine.txt'), 'mine');
    expect((await run('start', '-n', '0', '--name', 'one')).code).toBe(0);
    expect(await project.read('results/files-1/mine.txt')).toBe('mine');
    expect(await file('a.csv/Power/tables/t.csv')).toBe('aaa');
    await project.write('entrypoint.py', 'def entrypoint(**_): return {"x": 1}\n');
    expect((await run('start', '-n', '0', '--name', 'two')).code).toBe(0);
    expect((await readdir(join(project.folder, 'results'))).sort()).toEqual([
      ...['error.csv', 'files-1', 'logs.csv', 'performance.txt', 'report.html', 'results.csv', 'runtime.png'],
    ]);
    const again = await run('results', 'one', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      files: expect.arrayContaining(['files.csv', 'files/']),
    });
    expect(await file('a.csv/Power/fig.svg')).toBe('<svg>a.csv</svg>');
  });

  test('a task that leaves too much fails, with what to do', async () => {
    const { project, run } = await projectOf({
      ...data(['a.csv', 'b.csv']),
      'config.yaml': 'data_bucket: ./data\nmax_output_bytes: 1Mi\n',
      'entrypoint.py': `
def entrypoint(curr_process_file, **_):
    open("big.bin", "wb").write(bytes((1 << 20) + (curr_process_file == "b.csv")))
    return {}
`,
    });
    expect((await run('start', '-n', '0')).code).toBe(1);
    const error = await project.read('results/error.csv');
    expect(error).toContain('b.csv,Power');
    expect(error).toContain('bad-result,OutputTooLarge');
    expect(error).toContain('max_output_bytes is 1048576');
    expect(await project.read('results/files.csv')).toContain(',files/a.csv/Power/big.bin,1048576\n');
  });
});
