import { expect, test } from '@jest/globals';
import { fits, isNewer, minorOf } from '../../../core/version.ts';

test.each([
  ['0.1.0', '0.1.9', true],
  ['0.1.0', '0.2.0', false],
  ['1.2.3', '1.2.0-beta.1', true],
  ['1.2.0', '2.2.0', false],
])('%s and %s fit: %s', (one, other, fit) => expect(fits(one, other)).toBe(fit));

test.each([
  ['0.2.0', '0.1.9', true],
  ['0.10.0', '0.9.0', true],
  ['1.0.1', '1.0.0', true],
  ['1.0.0', '1.0.0', false],
  ['0.9.9', '1.0.0', false],
])('%s is newer than %s: %s', (one, other, newer) => expect(isNewer(one, other)).toBe(newer));

test('the minor', () => expect(minorOf('0.4.2-beta.1')).toBe('0.4'));
