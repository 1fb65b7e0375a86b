import { expect, test } from '@jest/globals';
import { duration } from '../../../cli/options.ts';

const read = duration('10m', '24h');

test.each([
  ['10m', 600],
  ['90m', 5400],
  ['4h', 14400],
  ['24h', 86400],
])('%s are %i seconds', (text, seconds) => {
  expect(read(text)).toBe(seconds);
});

test.each(['9m', '25h', '0h', '4', 'h', '-4h', '4 h', '1.5h', '4d', '', '99999m'])(
  '%j is refused',
  (text) => {
    expect(() => read(text)).toThrow('It must be a duration such as 90m or 4h, from 10m to 24h.');
  },
);
