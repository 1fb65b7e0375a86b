import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differences } from '../../../../core/migrate/diff.ts';

test('shows what changed, with three lines around', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh';
  expect(differences(before, before.replace('e', 'E'))).toEqual([
    '@@ -2,7 +2,7 @@',
    ' b',
    ' c',
    ' d',
    '-e',
    '+E',
    ' f',
    ' g',
    ' h',
  ]);
  expect(differences(before, before)).toEqual([]);
});

test('both texts can be read off it', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = differences(before, after);
      if (before === after) return;
      const side = (mark: string) =>
        lines
          .filter((line) => line.startsWith(' ') || line.startsWith(mark))
          .map((line) => line.slice(1))
          .join('\n');
      // The texts are so short that one hunk has all lines.
      expect([side('-'), side('+')]).toEqual([before, after]);
    }),
  );
});
