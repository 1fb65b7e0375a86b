/** A run as it looks on a terminal. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { newProject } from '../../support/cli/project.ts';
import { key, startInTerminal, type TerminalOptions } from '../../support/cli/terminal.ts';

const entrypoint = `
import time
def entrypoint(curr_process_file, curr_process_column):
    time.sleep(0.1)
    if curr_process_column == "Power7":
        raise ValueError("no good")
    return {"column": curr_process_column}
`;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Starts a run of so many tasks of a tenth of a second, on two workers. */
async function started(tasks: number, options: TerminalOptions, name = 'data/a.csv') {
  const project = await newProject({
    'entrypoint.py': entrypoint,
    'config.yaml': 'data_bucket: ./data\nprocess_column_keywords: ["Power"]\n',
    [name]: Array.from({ length: tasks }, (_, n) => `Power${n}`).join(),
  });
  cleanUps.push(project.remove);
  const args = ['start', '-n', '0', '-s', '2', '--name', 'one'];
  return startInTerminal(args, { cwd: project.folder, ...options });
}

/** Lines of progress on the screen. */
const progressIn = (screen: string[]) => screen.filter((line) => /\d+(\/| of )30\b/.test(line));

describe.each([100, 30])('a run in a terminal of %d columns', (columns) => {
  test('has one line of progress, and in the end the table of performance alone', async () => {
    const terminal = await started(30, { columns });
    await terminal.waitFor(columns === 100 ? /[1-9]\d* of 30 tasks done/ : /[1-9]\d*\/30/);
    expect(progressIn(terminal.screen())).toHaveLength(1);
    await terminal.waitFor(/1 (failed|✗)/);
    expect(progressIn(terminal.screen())).toHaveLength(1);
    const { code } = await terminal.ended;
    expect(code).toBe(1);
    const shown = terminal.screen();
    const text = shown.join('').replaceAll(/\s+/g, ' ');
    expect(text).toContain('first failure: a.csv, Power7: ValueError: no good');
    expect(text).toMatch(/Total tasks 30/);
    expect(progressIn(shown)).toEqual([]);
  });
});

describe.each([
  ['breaks lines anew', true],
  ['cuts lines', false],
])('a terminal that %s when it is made narrower', (_, reflow) => {
  // No program can help a line that it writes while the terminal changes, before it is told.
  jest.retryTimes(2);

  test('is left without debris', async () => {
    const terminal = await started(30, { columns: 100, reflow });
    await terminal.waitFor(/[1-9]\d* of 30 tasks done/);
    const above = terminal.screen().slice(0, -1);
    await terminal.resize(35);
    await terminal.waitFor(/[1-9]\d*\/30/);
    const narrow = terminal.screen();
    expect(progressIn(narrow)).toHaveLength(1);
    expect(narrow.join('')).not.toContain('tasks done');
    await terminal.resize(110);
    await terminal.waitFor(/\d+ of 30 tasks done/);
    expect(progressIn(terminal.screen())).toHaveLength(1);
    expect(terminal.screen()).toEqual(expect.arrayContaining(above.filter((line) => line.length < 35)));
    await terminal.ended;
    expect(progressIn(terminal.screen())).toEqual([]);
  });
});

describe('Ctrl-C in a terminal', () => {
  test('once: running tasks end, and it is said how to go on', async () => {
    const terminal = await started(40, { columns: 100 });
    await terminal.waitFor(/[1-9]\d* of 40 tasks done/);
    terminal.press(key.ctrlC);
    await terminal.waitFor('stopping one: running tasks end first (Ctrl-C again ends them now)');
    const { code } = await terminal.ended;
    expect(code).toBe(130);
    expect(terminal.screen().join('\n')).toMatch(/not done yet; resume with: gcd-sfn resume one/);
    expect(terminal.screen().join('\n')).toContain('results in results/');
  });

  test('twice: they end now', async () => {
    const terminal = await started(40, { columns: 100 });
    await terminal.waitFor(/[1-9]\d* of 40 tasks done/);
    terminal.press(key.ctrlC);
    await terminal.waitFor('Ctrl-C again ends them now');
    terminal.press(key.ctrlC);
    const { code } = await terminal.ended;
    expect(code).toBe(130);
    expect(terminal.screen().join('\n')).toContain('resume with: gcd-sfn resume one');
  });
});

test('a terminal that can do nothing gets plain lines', async () => {
  const terminal = await started(3, { env: { TERM: 'dumb' } });
  await terminal.ended;
  expect(terminal.written()).not.toContain('\u001b');
  expect(terminal.screen().join('\n')).toMatch(/Total tasks +3/);
});

test('NO_COLOR leaves the line, without colours', async () => {
  const terminal = await started(10, { env: { NO_COLOR: '1' } });
  await terminal.ended;
  expect(terminal.written()).toContain('of 10 tasks done');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what begins a colour
  expect(terminal.written()).not.toMatch(/\u001b\[\d*m/);
});
