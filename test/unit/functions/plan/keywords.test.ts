import { expect, test } from '@jest/globals';
import { namesWith } from '../../../../functions/plan/keywords.ts';
import { ConfigInvalid } from '../../../../ports/errors.ts';

const names = ['Power', 'power 2', 'Wind', 'W', 'aaab'];

test.each([
  [['Power'], ['Power']],
  [
    ['[Pp]ower', '^W$'],
    ['Power', 'power 2', 'W'],
  ],
  [['.*'], names],
  [
    ['^(a+)+b?$', 'Wi+n+d+'],
    ['Wind', 'aaab'],
  ],
  [['(a)\\1'], ['aaab']],
  [['nothing'], []],
])('%j finds %j', (keywords, found) => {
  expect(namesWith(keywords)(names)).toEqual(found);
  // Another file.
  expect(namesWith(keywords)([])).toEqual([]);
});

test.each(['^(a+)+$', 'a?'.repeat(40) + 'a'.repeat(40), '(a*)*b', '^(a|a)\\1*(a|a)*$'])(
  '%s does not go on for ever on a name that was made for it',
  (keyword) => {
    const search = namesWith(['x', keyword], 200);
    expect(() => search(['Power', `${'a'.repeat(39)}!`])).toThrow(ConfigInvalid);
    expect(() => search([`${'a'.repeat(39)}!`])).toThrow(
      /is searched for more than 0.2 s in the column name "aaa/,
    );
    // It can be used again.
    expect(search(['Wind'])).toEqual([]);
  },
);

test('a name is searched up to its 1024th character', () => {
  expect(namesWith(['b'])([`${'a'.repeat(1023)}b`, `${'a'.repeat(1024)}b`])).toHaveLength(1);
});
