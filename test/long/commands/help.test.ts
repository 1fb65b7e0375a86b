/** The examples of every command's help, typed as they stand there. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { fullProgram } from '../../../cli/program.ts';
import { taskId } from '../../../functions/plan/tasks/manifest.ts';
import { textAfter } from '../../../scripts/commands-page.ts';
import { command, leftOver, newProject, packageRoot, until } from '../../support/cli/project.ts';

const program = await fullProgram();

/** What `logs --task 9f3` asks for: there is a task of which that is the beginning. */
const column = Array.from({ length: 100_000 }, (_, n) => `Power ${n}`).find((name) =>
  taskId('a.csv', name).startsWith('9f3'),
);

const entrypoint = `
def entrypoint(curr_process_file, curr_process_column):
    print("at", curr_process_file)
    return {"file": curr_process_file}
`;

/** Everything that the examples name: my-project with a run calm-owls-sing, examples/sleep, old-project. */
async function placeFor(name: string) {
  const mine = name === 'init' ? 'another' : 'my-project';
  const place = await newProject({
    [`${mine}/entrypoint.py`]: entrypoint,
    [`${mine}/config.yaml`]: 'data_bucket: ./data\nfile_pattern: "*.csv"\n',
    [`${mine}/data/a.csv`]: `${column},Power\n`,
    [`${mine}/data/b.csv`]: 'Power\n',
    'old-project/entrypoint.py': entrypoint,
    'old-project/config.yaml': 'data_bucket: ./data\nis_celeryflower_on: False\n',
    'old-project/data/a.csv': 'Power\n',
  });
  cleanUps.push(place.remove);
  if (name === 'start')
    await cp(join(packageRoot, 'examples/sleep'), join(place.folder, 'examples/sleep'), {
      recursive: true,
      filter: (path) => !/results|\.gcd/.test(path),
    });
  const first = ['start', '-p', mine, '-n', '0', '--name', 'calm-owls-sing'];
  expect((await command(first, { cwd: place.folder })).code).toBe(0);
  return place;
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** What stands behind `gcd-sfn`, up to the explanation, a pipe, or another command. */
function examplesOf(text: string): string[][] {
  const lines = [...text.matchAll(/^ {2}\$ gcd-sfn (.*)$/gm)].map(([, line = '']) => line);
  return lines.map((line) => (line.split(/\s\s+|\s*\|\s|\s+&&\s/)[0] ?? '').split(' '));
}

// The menu needs a terminal, and has a test of its own; others need an account of AWS, and are in test/aws/.
const elsewhere = new Set([
  'menu',
  'deploy',
  'destroy',
  'resources',
  'cleanup',
  'debug',
  'auth',
  'cost',
  'schedule',
]);
/** The same goes for some examples of other commands. */
const isOnAws = (args: string[]) => args.includes('-c') || args.includes('--stack');
const names = program.commands.map((one) => one.name()).filter((name) => !elsewhere.has(name));

test.each(names)('%s', async (name) => {
  const examples = examplesOf(textAfter(program.commands.find((one) => one.name() === name)!));
  expect(examples.length).toBeGreaterThan(0);
  const place = await placeFor(name);
  for (const args of examples) {
    if (isOnAws(args)) continue;
    const cwd = args.join(' ') === 'validate' ? join(place.folder, 'my-project') : place.folder;
    const { code, stderr } = await command(args, { cwd });
    // Whether the package index can be reached is another matter.
    const isFine = code === 0 || (args.includes('--network') && code === 3);
    expect([args.join(' '), isFine, isFine ? '' : stderr]).toEqual([args.join(' '), true, '']);
    if (args.includes('--detach')) await until(() => leftOver().length === 0, 'the detached run');
    if (name === 'init') await rm(join(place.folder, 'my-project'), { recursive: true, force: true });
  }
});
