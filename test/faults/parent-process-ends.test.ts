/** A signal to whatever started the command line, or its sudden end, ends the run and leaves nothing behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { command, leftOver, newProject, packageRoot, startCommand, until } from '../support/cli/project.ts';

const entrypoint = `
import time
def entrypoint(data_bucket, curr_process_file, curr_process_column):
    time.sleep(2)
    return {"column": curr_process_column}
`;
const columns = Array.from({ length: 20 }, (_, n) => `Power${n}`);

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** The ways to the command line; each hands its output to nobody, as a job of a scheduler does. */
const starters: Record<string, (args: string[], env: NodeJS.ProcessEnv) => ChildProcess> = {
  // What an old Node runs.
  launcher: (args, env) => {
    const script = `import('./bin/launch.js').then(({ launch }) => launch(process.execPath, process.argv.slice(1), { ...process.env, GCD_SFN_NODE: 'bundled' }))`;
    const program = [join(packageRoot, 'bin/gcd-sfn.js'), ...args];
    return spawn(process.execPath, ['-e', script, ...program], { cwd: packageRoot, env, stdio: 'ignore' });
  },
  npx: (args, env) =>
    spawn('npx', ['--no-install', 'gcd-sfn', ...args], { cwd: packageRoot, env, stdio: 'ignore' }),
};

/** The environment with a mark by which processes are found, which `startCommand` knows. */
async function marked(): Promise<NodeJS.ProcessEnv> {
  const { process: known, finished } = startCommand(['--version']);
  const environ = readFileSync(`/proc/${known.pid}/environ`, 'utf8').split('\0');
  await finished;
  const [, mark = ''] = environ.find((line) => line.startsWith('GCD_TEST_MARK='))?.split('=') ?? [];
  return { ...process.env, GCD_TEST_MARK: mark };
}

const signals = ['SIGTERM', 'SIGHUP', 'SIGKILL', 'SIGINT'] as const;
// npm takes no notice of a SIGINT that it alone is sent, and goes on waiting: nobody can tell.
const cases = Object.keys(starters)
  .flatMap((starter) => signals.map((signal) => [starter, signal] as const))
  .filter(([starter, signal]) => !(starter === 'npx' && signal === 'SIGINT'));

test.each(cases)(
  '%s: %s ends the run, and resume goes on with it',
  async (starter, signal) => {
    const project = await newProject({
      'entrypoint.py': entrypoint,
      'config.yaml': 'data_bucket: ./data\n',
      'data/a.csv': `${columns}\n`,
    });
    cleanUps.push(project.remove);
    const args = ['start', '-p', project.folder, '-n', '0', '--name', 'one'];
    const started = starters[starter]?.(args, await marked()) as ChildProcess;
    const events = join(project.folder, '.gcd/runs/one/events.jsonl');
    const eventsHave = (text: string) => existsSync(events) && readFileSync(events, 'utf8').includes(text);
    await until(() => eventsHave('"state":"Work"'), 'workers that work', 120_000);
    const ended = once(started, 'exit');
    started.kill(signal);
    await ended;
    await until(() => eventsHave('execution-ended'), 'the end of the run', 120_000);
    await until(() => leftOver().length === 0, 'the end of all processes', 120_000);
    expect(readFileSync(events, 'utf8')).toContain('"outcome":"interrupted"');
    const rows = (await project.read('results/results.csv')).trimEnd().split('\n').length - 1;
    expect(rows).toBeLessThan(columns.length);
  },
  400_000,
);

test('the end of a shell is no end of what it started', async () => {
  const project = await newProject({
    'entrypoint.py': entrypoint.replace('sleep(2)', 'sleep(0.5)'),
    'config.yaml': 'data_bucket: ./data\n',
    'data/a.csv': `${columns.slice(0, 6)}\n`,
  });
  cleanUps.push(project.remove);
  const script = `"${process.execPath}" bin/gcd-sfn.js start -p "${project.folder}" -n 0 --name one >/dev/null 2>&1 & exit`;
  const { npm_command: _, GCD_SFN_NODE: __, ...env } = await marked();
  await once(spawn('bash', ['-c', script], { cwd: packageRoot, env, stdio: 'ignore' }), 'exit');
  const events = join(project.folder, '.gcd/runs/one/events.jsonl');
  await until(
    () => existsSync(events) && readFileSync(events, 'utf8').includes('execution-ended'),
    'the end',
    120_000,
  );
  expect(readFileSync(events, 'utf8')).toContain('"outcome":"succeeded"');
  expect((await command(['status', 'one', '-p', project.folder])).code).toBe(0);
}, 400_000);
