import { expect, test } from '@jest/globals';
import {
  displayWidth,
  printable,
  printableLines,
  shorten,
} from '../../../../functions/report/text/printable.ts';
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatRatio,
  formatTime,
} from '../../../../functions/report/text/quantity.ts';

test.each([
  [0, '0 s'],
  [1e-12, '0 s'],
  [3.2e-8, '32.0 ns'],
  [1.5e-6, '1.50 µs'],
  [0.0009996, '1.00 ms'],
  [0.01234, '12.3 ms'],
  [0.9996, '1.00 s'],
  [1.005, '1.00 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min 00 s'],
  [125, '2 min 05 s'],
  [3599.6, '1 h 00 min'],
  [7384, '2 h 03 min'],
  [86_399, '1 d 00 h'],
  [400 * 86_400, '400 d 00 h'],
  [-2, '-2.00 s'],
  [Number.NaN, '-'],
  [Number.POSITIVE_INFINITY, '-'],
  [null, '-'],
])('%p seconds read %p', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('counts, shares, ratios and times', () => {
  expect([1_234_567, 2.3333, 1234.5, 0.5, Number.NaN].map(formatCount)).toEqual([
    '1,234,567',
    '2.33',
    '1,235',
    '0.500',
    '-',
  ]);
  expect([0.98765, -0.00001, 1, -12.5, 1 / 0].map(formatPercent)).toEqual([
    '98.8 %',
    '0.0 %',
    '100.0 %',
    '-1,250 %',
    '-',
  ]);
  expect([1.0374, 12_345.6, 0 / 0].map(formatRatio)).toEqual(['1.04', '12,346', '-']);
  expect([0, 1e20, null].map(formatTime)).toEqual(['1970-01-01 00:00:00 UTC', '-', '-']);
});

test('what cannot be seen is written out', () => {
  expect(printable('a\nb\u0000\u200b\u202e\ud800é')).toBe('a\\nb\\u{0}\\u{200b}\\u{202e}\ufffdé');
  expect(printable(`z${'\u0301'.repeat(50)}`)).toBe(`z${'\u0301'.repeat(4)}`);
  expect(printableLines('\u001b[31mred\u001b[0m\r\n10 %\r20 %\tx\u0007')).toBe('red\n10 %\n20 %\tx\\u{7}');
});

test('long names lose their middle, never half a character', () => {
  expect(shorten('short.csv', 20)).toBe('short.csv');
  expect(shorten('abcdefghijklmnop', 7)).toBe('abc…nop');
  const family = '👨‍👩‍👧‍👦';
  const short = shorten(family.repeat(30), 11);
  expect(displayWidth(short)).toBeLessThanOrEqual(11);
  expect(short.replaceAll(family, '')).toBe('…');
});
