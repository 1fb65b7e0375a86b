import { expect, test } from '@jest/globals';
import {
  formatBytes,
  formatCount,
  formatDollars,
  formatDuration,
  formatNames,
  formatPercent,
  formatRate,
  formatRatio,
  nounFor,
  plural,
} from '../../../../core/format/numbers.ts';

test.each([
  [0, '0 s'],
  [1e-12, '0 s'],
  [3.2e-8, '32 ns'],
  [1.5e-6, '1.5 µs'],
  [0.0009996, '1 ms'],
  [0.01234, '12.3 ms'],
  [0.4, '400 ms'],
  [0.9996, '1 s'],
  [1.005, '1 s'],
  [1.02, '1.02 s'],
  [12, '12 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min'],
  [125, '2 min 5 s'],
  [3599.6, '1 h'],
  [7384, '2 h 3 min'],
  [86_399, '1 d'],
  [27 * 3600, '1 d 3 h'],
  [400 * 86_400, '400 d'],
  [-2, '-2 s'],
  [Number.NaN, '-'],
  [Number.POSITIVE_INFINITY, '-'],
  [null, '-'],
])('%p seconds read %p', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test.each([
  [0, '$0.00'],
  [0.00004, '$0.00'],
  [0.00006, '$0.00006'],
  [0.0052, '$0.0052'],
  [0.00521, '$0.0052'],
  [0.0152, '$0.015'],
  [0.05, '$0.05'],
  [0.0925, '$0.093'],
  [0.0999, '$0.10'],
  [0.1, '$0.10'],
  [1.239, '$1.24'],
  [12.345, '$12.35'],
  [1234.5, '$1,234.50'],
  [-0.5, '-$0.50'],
  [null, '-'],
])('%p dollars read %p', (dollars, text) => {
  expect(formatDollars(dollars)).toBe(text);
});

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1023.9, '1 KiB'],
  [1536, '1.5 KiB'],
  [512 * 1024, '512 KiB'],
  [1.5 * 1024 ** 3, '1.5 GiB'],
  [31 * 1024 ** 2, '31 MiB'],
  [100.4 * 1024 ** 2, '100 MiB'],
  [1023.7 * 1024 ** 2, '1 GiB'],
  [1.4567 * 1024 ** 3, '1.46 GiB'],
  [500 * 1024 ** 4, '500 TiB'],
  [undefined, '-'],
])('%p bytes read %p', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('counts and their nouns', () => {
  expect([1_234_567, 2.3333, 1234.5, 0.5, Number.NaN].map(formatCount)).toEqual([
    '1,234,567',
    '2.33',
    '1,235',
    '0.5',
    '-',
  ]);
  expect([0, 1, 2].map((count) => plural(count, 'batch'))).toEqual(['0 batches', '1 batch', '2 batches']);
  expect(plural(1200, 'task')).toBe('1,200 tasks');
  expect(['process', 'entry', 'key', 'more file', 'address'].map((noun) => nounFor(2, noun))).toEqual([
    'processes',
    'entries',
    'keys',
    'more files',
    'addresses',
  ]);
  expect(formatNames(['a', 'b', 'c'], 3)).toBe('a, b, c');
  expect(formatNames(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(formatNames(['a', 'b'], 2, 2000)).toBe('a, b and 1,998 more');
});

test('shares, ratios and rates', () => {
  expect([0.98765, -0.00001, 1, -12.5, 1 / 0].map(formatPercent)).toEqual([
    '98.8 %',
    '0.0 %',
    '100.0 %',
    '-1,250 %',
    '-',
  ]);
  expect([1.0374, 12_345.6, 0 / 0].map(formatRatio)).toEqual(['1.04', '12,346', '-']);
  expect([1234, 9.97, 1.5, 0.5, 0.02, 0.001, null].map(formatRate)).toEqual([
    '1,234/s',
    '10/s',
    '1.5/s',
    '30/min',
    '1.2/min',
    '3.6/h',
    '-',
  ]);
});
