import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UsageError } from '../../../../core/errors/errors.ts';
import { keyMatcher, patternFault } from '../../../../core/values/glob.ts';

test.each([
  ['*.csv', 'a.csv', true],
  ['*.csv', 'deep/er/a.csv', true],
  ['*.csv', 'a.csv.gz', false],
  ['data/*', 'data/x/y.csv', true],
  ['data/*', 'other/x.csv', false],
  ['site?.csv', 'site1.csv', true],
  ['site?.csv', 'site😀.csv', true],
  ['site?.csv', 'site12.csv', false],
  ['[ab]*.csv', 'beta.csv', true],
  ['[!ab]*.csv', 'beta.csv', false],
  ['[a-c]1', 'b1', true],
  ['x[1', 'x[1', true],
  ['x[]1', 'x[]1', true],
  ['100% (new).csv', '100% (new).csv', true],
  ['a+b|c.csv', 'a+b|c.csv', true],
  ['a.csv', 'abcsv', false],
  ['*', 'line\nbreak', true],
  ['', '', true],
  ['', 'a', false],
  ['**b*', 'aab', true],
  ['*ab', 'aab', true],
  ['a*b*c', 'abcbc', true],
  ['a*b*c', 'abcb', false],
  ['*?', '', false],
  ['[😀-😂]', '😁', true],
  ['[!😀-😂]', '😁', false],
  ['[a-]x', '-x', true],
  ['[-a]x', '-x', true],
  ['[]-a]', '_', true],
  ['a[^]b', 'a^b', true],
  ['a[\\]b', 'a\\b', true],
])('%j on %j: %p', (pattern, key, matches) => {
  expect(keyMatcher(pattern)(key)).toBe(matches);
});

test('a key that almost matches many stars is refused at once', () => {
  expect(keyMatcher(`${'*a'.repeat(200)}b`)('a'.repeat(1024))).toBe(false);
});

test.each(['[z-a]*', 'x[!9-0]'])('the range in %j is out of order', (pattern) => {
  expect(patternFault(pattern)).toMatch(
    /^has the range (z-a|9-0) in brackets, which is out of order: write (a-z|0-9)$/,
  );
  expect(() => keyMatcher(pattern)).toThrow(UsageError);
});

/** What a regular expression makes of the same pattern. */
const oracle = (pattern: string) => {
  const parts = pattern.match(/\[[^\]]+\]|./gsu) ?? [];
  const sources = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.length > 2 ? part.replace('[!', '[^') : part.replace(/[[\]!-]/g, '\\$&');
  });
  return new RegExp(`^${sources.join('')}$`, 's');
};

test('patterns match as regular expressions of the same meaning', () => {
  const parts = fc.constantFrom('*', '?', 'a', 'b', '[ab]', '[!a]', '[a-c]');
  const patterns = fc.array(parts, { maxLength: 8 }).map((each) => each.join(''));
  fc.assert(
    fc.property(patterns, fc.stringMatching(/^[abcd]{0,8}$/), (pattern, key) => {
      expect(keyMatcher(pattern)(key)).toBe(oracle(pattern).test(key));
    }),
  );
});

test.each([
  ['**/*.csv', 'a.csv', true],
  ['**/*.csv', 'deep/er/a.csv', true],
  ['old/**/*.csv', 'old/a.csv', true],
  ['old/**/*.csv', 'old/2020/a.csv', true],
  ['old/**/*.csv', 'older/a.csv', false],
  ['**/**/a', 'a', true],
  ['a**/b', 'ab', false],
  ['old/**', 'old/x/y', true],
  ['./*.csv', 'a.csv', true],
  ['././/*.csv', 'a.csv', true],
  ['*.{csv,txt}', 'a.txt', true],
  ['*.{csv,txt}', 'a.dat', false],
  ['{a,b{1,2}}.csv', 'b2.csv', true],
  ['{a,b{1,2}}.csv', 'b.csv', false],
  ['a{,.old}.csv', 'a.csv', true],
  ['a{,.old}.csv', 'a.old.csv', true],
  ['{x}.csv', '{x}.csv', true],
  ['{a,b.csv', '{a,b.csv', true],
  ['[{,}]x', ',x', true],
  ['[{]a,b}', '{a,b}', true],
])('with braces and folders: %j on %j: %p', (pattern, key, matches) => {
  expect(keyMatcher(pattern)(key)).toBe(matches);
});

test('of several patterns any may match', () => {
  const matches = keyMatcher(['*.csv', 'x/*']);
  expect(['a.csv', 'x/b', 'y/b'].map(matches)).toEqual([true, true, false]);
});

test('capital and small letters are the same only when asked for', () => {
  expect(keyMatcher('*.csv')('B.CSV')).toBe(false);
  expect(keyMatcher('*.[c-e]SV', { anyCase: true })('B.CSV')).toBe(true);
});

test('a pattern that stands for very many is refused, and at once', () => {
  expect(patternFault('{a,b}'.repeat(8))).toBeNull();
  for (const pattern of ['{a,b}'.repeat(2000), 'x/**/'.repeat(2000), `{${'a,'.repeat(300)}b}`])
    expect(patternFault(pattern)).toMatch('stands for more than 256 patterns');
});
