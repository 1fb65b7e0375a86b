/** Questions on a terminal: the menu, and the choice between frozen and edited code. */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { command, newProject } from '../../support/cli/project.ts';
import { key, startInTerminal } from '../../support/cli/terminal.ts';
import { ownColumns } from '../../support/tables/parse-csv.ts';

const entrypoint = `
import os
def entrypoint(curr_process_file, curr_process_column):
    if os.path.exists(os.environ.get("FAIL", "")):
        raise ValueError("told to")
    return {"file": curr_process_file}
`;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function parentOf(config = '') {
  const parent = await newProject({
    'mine/entrypoint.py': entrypoint,
    'mine/config.yaml': `data_bucket: ./data\nfile_pattern: "*.csv"\n${config}`,
    'mine/data/a.csv': 'Power\n',
    'mine/data/b.csv': 'Power\n',
    'mine/data/c.csv': 'Power\n',
  });
  cleanUps.push(parent.remove);
  return parent;
}

describe('the menu', () => {
  test('leads to a run on this machine, and tells the command that does the same', async () => {
    const parent = await parentOf();
    const terminal = startInTerminal(['menu'], { cwd: parent.folder, columns: 100, rows: 40 });
    await terminal.waitFor('What should be done?');
    const choices = ['create_cloud_resources_and_start', 'resume_from_existing', 'cleanup_cloud_resources'];
    for (const choice of [...choices, 'run_in_local_machine'])
      expect(terminal.screen().join('\n')).toContain(choice);
    terminal.press(key.enter);
    await terminal.waitFor('Path of the project folder');
    terminal.press(`nowhere${key.enter}`);
    await terminal.waitFor(/There is no folder .*nowhere/s);
    terminal.press(`${key.backspace.repeat('nowhere'.length)}mine${key.enter}`);
    await terminal.waitFor('Which files?');
    terminal.press(key.down + key.enter);
    await terminal.waitFor('How many files?');
    terminal.press(`2${key.enter}`);
    await terminal.waitFor('How many workers?');
    terminal.press(`1${key.enter}`);
    await terminal.waitFor('Go on?');
    const summary = terminal.screen().join('\n');
    expect(summary).toContain('files    the first 2');
    expect(summary).toContain('workers  1 on this machine');
    terminal.press(key.enter);
    const { code } = await terminal.ended;
    expect(code).toBe(0);
    expect(terminal.screen().join('\n')).toContain('gcd-sfn start --project mine --number 2 --scalenodes 1');
    expect(ownColumns(await parent.read('mine/results/results.csv'))).toBe('file\na.csv\nb.csv\n');
  });

  test('offers the files that the configuration names; a no leaves everything as it was', async () => {
    const parent = await parentOf('default_process_files: [c.csv]\n');
    const terminal = startInTerminal(['menu'], { cwd: join(parent.folder, 'mine'), columns: 100, rows: 40 });
    await terminal.waitFor('What should be done?');
    terminal.press(key.enter);
    await terminal.waitFor('Path of the project folder');
    terminal.press(key.enter);
    await terminal.waitFor('the 1 in default_process_files');
    terminal.press(key.enter);
    await terminal.waitFor('How many workers?');
    terminal.press(key.enter);
    await terminal.waitFor('Go on?');
    terminal.press(`n${key.enter}`);
    expect((await terminal.ended).code).toBe(0);
    expect(terminal.screen().at(-1)).toBe('nothing was done');
    await expect(parent.read('mine/.gcd/.gitignore')).rejects.toThrow('ENOENT');
  });

  test('says what is wrong with a run on AWS, and asks again; Ctrl-C ends it', async () => {
    const parent = await parentOf();
    await parent.write('mine/config.yaml', 'data_bucket: s3://data\nendpoint_url: http://127.0.0.1:9000\n');
    const terminal = startInTerminal(['menu'], { cwd: parent.folder, columns: 100, rows: 40 });
    await terminal.waitFor('What should be done?');
    terminal.press(key.up.repeat(3) + key.enter);
    await terminal.waitFor('Path of the project folder');
    terminal.press(`mine${key.enter}`);
    await terminal.waitFor('a cluster reads data from S3 only');
    await terminal.waitFor(/What should be done\?(.|\n)*What should be done\?/);
    terminal.press(key.ctrlC);
    expect((await terminal.ended).code).toBe(130);
    expect(terminal.screen().join('\n')).toContain('nothing was done');
  });

  test('without a terminal is a mistake', async () => {
    const { code, stderr } = await command(['menu']);
    expect(stderr).toContain('error: menu asks questions and needs a terminal');
    expect(code).toBe(2);
  });
});

test.each([
  ['as it was', key.enter, 'old'],
  ['as it is now', key.down + key.enter, 'new'],
])('resume of a project that was edited asks, and goes on with the code %s', async (_, keys, result) => {
  const parent = await parentOf();
  const fail = join(parent.folder, 'fail');
  await parent.write('fail', '');
  await parent.write('mine/entrypoint.py', entrypoint.replace('curr_process_file}', '"old"}'));
  const first = await command(['start', '-p', 'mine', '-n', '1'], {
    cwd: parent.folder,
    env: { FAIL: fail },
  });
  expect(first.code).toBe(1);
  await parent.write('mine/entrypoint.py', entrypoint.replace('curr_process_file}', '"new"}'));
  const terminal = startInTerminal(['resume', '-p', 'mine', '--retry-failed'], {
    cwd: parent.folder,
    columns: 100,
  });
  await terminal.waitFor('changed entrypoint.py');
  await terminal.waitFor('Resume with which code?');
  terminal.press(keys);
  expect((await terminal.ended).code).toBe(0);
  expect(ownColumns(await parent.read('mine/results/results.csv'))).toBe(`file\n${result}\n`);
});
