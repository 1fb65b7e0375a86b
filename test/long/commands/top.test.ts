import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { waitingProject } from '../../support/cli/gated-project.ts';
import { packageRoot } from '../../support/cli/project.ts';

const columns = ['Child0', 'Child1', 'Child2', 'Child3'];

/** Runs a command on a terminal of 60 columns and 20 rows; presses a key when it has drawn something. */
const onTerminal = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 60, 0, 0))
seen, pressed = b"", False
while True:
    try: read = os.read(terminal, 65536)
    except OSError: break
    if not read: break
    seen += read
    if not pressed and b"machine:" in seen:
        os.write(terminal, sys.argv[1].encode().decode("unicode_escape").encode())
        pressed = True
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

describe('gcd-sfn top', () => {
  test('shows what each worker and what it has started uses, and its task', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    const { code, stdout } = await project.run('top', '--json');
    expect(code).toBe(0);
    const sample = JSON.parse(stdout);
    expect(sample).toMatchObject({ run: 'one', state: 'DispatchBatches' });
    expect(sample.workers).toHaveLength(2);
    for (const worker of sample.workers) {
      expect(worker).toMatchObject({ succeeded: 0, failed: 0, processes: 2, task: { file: 'a.csv' } });
      expect(project.begun()).toContain(worker.task.column);
      expect(worker.memoryBytes).toBeGreaterThan(1e6);
      expect(worker.cpuPercent).toBeGreaterThanOrEqual(0);
      expect(worker.taskSeconds).toBeGreaterThan(0);
    }
    expect(sample.totals.processes).toBe(4);
    expect(sample.totals.memoryBytes).toBe(sample.workers[0].memoryBytes + sample.workers[1].memoryBytes);
    expect(sample.machine.memoryAvailableBytes).toBeLessThanOrEqual(sample.machine.memoryTotalBytes);

    const plain = await project.run('top');
    expect(plain.stdout).toMatch(
      /^run one · running tasks · 0 tasks done\n\nworker +pid +CPU % +memory +done +failed +for +task\n/,
    );
    expect(plain.stdout).toMatch(/^local-2 +\d+ +\d+ +[\d.]+ MiB +0 +0 +[\d.]+ s +a\.csv, Child\d$/m);
    expect(plain.stdout).toMatch(/^workers: [\d.]+ of \d+ cores?, [\d.]+ MiB in 4 processes · machine: /m);
    expect(plain.stdout).not.toContain('\u001b');

    project.release();
    expect((await started.finished).code).toBe(0);
    const after = await project.run('top');
    expect(after).toMatchObject({ code: 0, stdout: '' });
    expect(after.stderr).toMatch(/^run one is not at work \(done\); see gcd-sfn status one --project '/);
  });

  test.each(['q', '\\x03'])(
    'on a terminal it draws until %s is pressed, and leaves the screen as it was',
    async (key) => {
      const project = await waitingProject(columns);
      await project.start('one');
      const { stdout, status } = spawnSync(
        'python3',
        [
          '-c',
          onTerminal,
          key,
          process.execPath,
          join(packageRoot, 'bin/gcd-sfn.js'),
          'top',
          '-p',
          project.folder,
        ],
        { encoding: 'utf8', env: { ...process.env, TERM: 'xterm' }, timeout: 30_000 },
      );
      expect(status).toBe(0);
      expect(stdout.startsWith('\u001b[?1049h')).toBe(true);
      expect(stdout.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
      const lines = stdout
        .split('\u001b[H')
        .flatMap((frame) => stripVTControlCharacters(frame).split(/\r*\n/));
      expect(lines.some((line) => line.startsWith('local-1'))).toBe(true);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    },
  );

  test('processes on another machine cannot be seen', async () => {
    const project = await waitingProject(columns);
    project.release();
    await project.run('start', '-n', '0', '--name', 'one');
    const lock = join(project.folder, '.gcd/runs/one/lock');
    await writeFile(lock, JSON.stringify({ pid: 7, host: 'elsewhere', started: null }));
    const { code, stderr } = await project.run('top');
    expect(stderr).toMatch(
      /^error: run one is at work on another machine: elsewhere\n {2}Its processes can be seen there only/,
    );
    expect(code).toBe(2);
    await rm(lock);
  });
});
