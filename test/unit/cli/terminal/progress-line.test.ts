import { describe, expect, test } from '@jest/globals';
import stringWidth from 'string-width';
import { type Colors, type LineData, lineOf, plainLine } from '../../../../cli/terminal/progress-line.ts';

const plain: Colors = { red: String, yellow: String, green: String, dim: String };
const coloured = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[39m`;
const colours: Colors = { red: coloured(31), yellow: coloured(33), green: coloured(32), dim: coloured(90) };

const usual: LineData = {
  done: 1234,
  failed: 3,
  total: 20_000,
  running: 16,
  workers: 16,
  repetition: 1,
  repetitions: 1,
  rate: 12.3,
  eta: '24–30 min left',
  note: '',
};
const data: Record<string, LineData> = {
  usual,
  repetitions: { ...usual, repetition: 2, repetitions: 10 },
  stopping: { ...usual, eta: '', note: 'stopping' },
  millions: { ...usual, done: 12_345_678, total: 99_999_999, failed: 1_234_567 },
  wide: { ...usual, note: '停止しています' },
  'nothing yet': { ...usual, done: 0, failed: 0, rate: undefined, eta: '' },
  'all done': { ...usual, done: 20_000, running: 0 },
};
const widths = Array.from({ length: 61 }, (_, n) => 3 * n + 20);

describe.each(Object.entries(data))('the line, %s', (_, values) => {
  test('is never wider than it may be, with and without colours', () => {
    for (const width of widths) {
      expect(stringWidth(lineOf(values, width, plain))).toBeLessThanOrEqual(width);
      expect(stringWidth(lineOf(values, width, colours))).toBeLessThanOrEqual(width);
    }
  });

  test('tells of what is done at every width', () => {
    const { done, total } = values;
    const share = `${Math.floor((100 * done) / total)} %`;
    for (const width of widths)
      expect(
        [done.toLocaleString('en'), share].some((text) => lineOf(values, width, plain).includes(text)),
      ).toBe(true);
  });

  test('tells of failures at every width, when there are any', () => {
    for (const width of widths)
      expect(/ (failed|✗)/.test(lineOf(values, width, plain))).toBe(values.failed > 0);
  });
});

test('parts are shortened, then left out, the less important ones first', () => {
  const at = (width: number) => lineOf(usual, width, plain);
  expect(at(20)).toBe('1,234/20,000 · 3 ✗');
  expect(at(40)).toBe('1,234/20,000 · 3 failed · 24–30 min left');
  expect(at(60)).toBe('1,234/20,000 · 3 failed · 24–30 min left · 16 running · 12/s');
  expect(at(99)).toBe(
    '────────── 1,234 of 20,000 tasks done · 3 failed · 24–30 min left · 16 running on 16 workers · 12/s',
  );
});

test('the bar is full when all is done, and shows a single failure', () => {
  const bar = (values: Partial<LineData>) => lineOf({ ...usual, ...values }, 120, colours).split(' ')[0];
  expect(bar({ done: 20_000, failed: 0 })).toBe(
    colours.green('━'.repeat(24)) + colours.red('') + colours.dim(''),
  );
  expect(bar({ done: 20_000, failed: 1 })).toContain(colours.red('━'));
});

test('without a limit there is no bar', () => {
  expect(lineOf(usual, Number.POSITIVE_INFINITY, plain)).toBe(
    '1,234 of 20,000 tasks done · 3 failed · 24–30 min left · 16 running on 16 workers · 12/s',
  );
});

test.each([
  [0.2, '12/min'],
  [0.001, '3.6/h'],
  [3, '3/s'],
  [1234.5, '1,235/s'],
])('%d tasks a second are shown as %s', (rate, text) => {
  expect(lineOf({ ...usual, rate }, 200, plain)).toContain(text);
});

test('text from elsewhere is one line, as wide as it may be, and commands no terminal', () => {
  expect(plainLine('installing\n\u001b[2Jnumpy\u202e', 60)).toBe('installing\\n\\x1b[2Jnumpy\\u202e');
  const cut = plainLine('発電所のデータファイル.csv', 12);
  expect(stringWidth(cut)).toBeLessThanOrEqual(12);
  expect(cut).toMatch(/^発電所.*…$/);
});
