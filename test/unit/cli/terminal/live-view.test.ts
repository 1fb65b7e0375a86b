import { describe, expect, test } from '@jest/globals';
import { LiveView } from '../../../../cli/terminal/live-view.ts';
import { PaceMeter } from '../../../../core/estimate/pace.ts';
import type { Progress } from '../../../../core/run-store/status/run-status.ts';

const begun: Progress = {
  repetition: 1,
  succeeded: 0,
  failed: 0,
  workers: 2,
  busy: 2,
  firstFailure: undefined,
};
const failure = {
  status: 'failed',
  index: 4,
  error: { type: 'ValueError', message: 'no\u001b[2J good\nmore', traceback: '' },
} as never;

/** A view of a run in memory: its time and its progress are set by hand. */
function viewOf({ isTTY = true, columns = 100, term = 'xterm' } = {}) {
  const written: string[] = [];
  const output = { isTTY, columns, write: (text: string) => written.push(text) };
  const now = { seconds: 0 };
  const run = { progress: begun as Progress };
  const view = new LiveView(output, () => now.seconds, term);
  view.follow({
    total: 100,
    repetitions: 1,
    idleSeconds: 60,
    progress: () => run.progress,
    taskAt: async () => ({ id: '', file: '発電.csv', column: 'a\tb', size: 1 }),
  });
  const take = () => written.splice(0);
  return { view, now, run, output, take };
}

describe('on a terminal', () => {
  test('nothing is written when nothing has changed, and else once a tick', () => {
    const { view, run, take } = viewOf();
    view.tick();
    expect(take()).toHaveLength(1);
    view.tick();
    expect(take()).toEqual([]);
    run.progress = { ...begun, succeeded: 1 };
    view.tick();
    const [text, ...more] = take();
    expect(text).toContain('1 of 100 tasks done');
    expect(more).toEqual([]);
  });

  test('the line is written anew for another width, from its first column', () => {
    const { view, output, take } = viewOf();
    view.tick();
    take();
    output.columns = 40;
    view.tick();
    const [text = ''] = take();
    expect(text.startsWith('\r')).toBe(true);
    expect(text.endsWith('\u001b[J\r')).toBe(true);
  });

  test('what is printed stands above the line, which is there again', () => {
    const { view, take } = viewOf();
    view.tick();
    take();
    view.print('hello');
    const text = take().join('');
    expect(text.startsWith('\r\u001b[Jhello\n')).toBe(true);
    expect(text).toMatch(/\n.*0 of 100 tasks done.*\r$/);
  });

  test('the first failure is told once, and does nothing to the terminal', async () => {
    const { view, run, take } = viewOf();
    run.progress = { ...begun, failed: 1, firstFailure: failure };
    view.tick();
    view.tick();
    await view.stop();
    const text = take().join('');
    expect(text.match(/first failure:/g)).toHaveLength(1);
    expect(text).toContain('発電.csv, a\\tb: ValueError: no\\x1b[2J good');
    expect(text).not.toContain('more');
    expect(text.endsWith('\r\u001b[J')).toBe(true);
  });

  test('a note stands in place of the time left', () => {
    const { view, now, run, take } = viewOf();
    const meter = new PaceMeter(() => now.seconds);
    meter.start(1, 0);
    for (let n = 0; n <= 50; n++) {
      now.seconds = n;
      if (n > 0) meter.add(1, 1);
      run.progress = { ...begun, succeeded: n, ...meter.of(1) };
      view.tick();
    }
    expect(take().at(-1)).toContain(' left');
    view.setNote('stopping');
    view.tick();
    const text = take().at(-1);
    expect(text).toContain('stopping');
    expect(text).not.toContain(' left');
  });
});

describe('without a terminal', () => {
  test.each([[{ isTTY: false }], [{ term: 'dumb' }]])('%j: a plain line every ten seconds', (options) => {
    const { view, now, take } = viewOf(options);
    for (now.seconds = 0; now.seconds < 35; now.seconds += 0.1) view.tick();
    const lines = take();
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^0 of 100 tasks done · 2 running on 2 workers\n$/);
  });

  test('details are told now and then', () => {
    const { view, now, take } = viewOf({ isTTY: false });
    for (now.seconds = 0; now.seconds < 25; now.seconds++) view.setDetail('installing');
    expect(take()).toEqual(['installing\n', 'installing\n', 'installing\n']);
  });
});

test('a run in which nothing ends is called stuck, once', () => {
  const { view, now, take } = viewOf();
  for (now.seconds = 0; now.seconds < 200; now.seconds++) view.tick();
  expect(take().filter((text) => text.includes('no task has ended for 1 min'))).toHaveLength(1);
});
