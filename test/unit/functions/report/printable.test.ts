import { expect, test } from '@jest/globals';
import {
  displayWidth,
  printable,
  printableLines,
  shorten,
} from '../../../../functions/report/text/printable.ts';

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
