import { expect, test } from '@jest/globals';
import { ConfigInvalid } from '../../../../../core/errors/errors.ts';
import { nameSearch } from '../../../../../functions/plan/columns/timed-search.ts';

const names = ['Power', 'power 2', 'Wind', 'W', 'aaab'];

test.each([
  ['Power', [0]],
  ['[Pp]ower', [0, 1]],
  ['.*', [0, 1, 2, 3, 4]],
  ['^(a+)+b?$', [4]],
  ['Wi+n+d+', [2]],
  ['(a)\\1', [4]],
  ['nothing', []],
])('%s is found in %j', (expression, places) => {
  const search = nameSearch(expression);
  expect(search(names)).toEqual(places);
  // Another file.
  expect(search([])).toEqual([]);
});

test.each(['^(a+)+$', '(a*)*b', '^(a|aa)+$', '^(?:a|a)*$', '^(a|aa){20,}$', '^(a|a)\\1*(a|a)*$'])(
  '%s does not go on for ever on a name that was made for it',
  (expression) => {
    const search = nameSearch(expression, 200);
    expect(() => search(['Power', `${'a'.repeat(39)}!`])).toThrow(ConfigInvalid);
    expect(() => search([`${'a'.repeat(39)}!`])).toThrow(
      /is searched for more than 0.2 s in the column name "aaa/,
    );
    // It can be used again.
    expect(search(['Wind'])).toEqual([]);
  },
);

test('a name is searched up to its 1024th character', () => {
  expect(nameSearch('b')([`${'a'.repeat(1023)}b`, `${'a'.repeat(1024)}b`])).toEqual([0]);
});
