import { expect, test } from '@jest/globals';
import { keyMatcher } from '../../../../functions/plan/glob.ts';

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
  ['a[^]b', 'a^b', true],
  ['a[\\]b', 'a\\b', true],
])('%j on %j: %p', (pattern, key, matches) => {
  expect(keyMatcher(pattern)(key)).toBe(matches);
});
