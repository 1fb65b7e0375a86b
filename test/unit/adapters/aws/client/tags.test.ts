/** Tags: what is ours, and how times are written. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  isOfStack,
  leaseText,
  secondsOfLease,
  stackTags,
  tagList,
  tagsFromList,
} from '../../../../../adapters/aws/client/tags.ts';
import { packageRoot } from '../../../../support/cli/project.ts';

test.each<[boolean, Record<string, string>]>([
  [true, { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 's' }],
  // Of a version with one stack an account.
  [true, { managedBy: 'gcd-sfn' }],
  [false, { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 's-2' }],
  [false, { 'gcd-sfn:stack': 's' }],
  [false, { managedBy: 'somebody', 'gcd-sfn:stack': 's' }],
  [false, {}],
])('is of stack s: %s, %j', (expected, tags) => {
  expect(isOfStack(tags, 's')).toBe(expected);
});

test("what gets the tags of a stack is the stack's", () => {
  expect(isOfStack(stackTags('s'), 's')).toBe(true);
  expect(tagsFromList(tagList(stackTags('s')))).toEqual(stackTags('s'));
});

test('a time is read as it was written, and what is no time is none', () => {
  expect(leaseText(1_800_000_000.7)).toBe('2027-01-15T08:00:00Z');
  expect(secondsOfLease('2027-01-15T08:00:00Z')).toBe(1_800_000_000);
  for (const text of [undefined, '', 'yes', '2027', '2027-99-99T08:00:00Z'])
    expect(secondsOfLease(text)).toBeUndefined();
});

const sources = readdirSync(join(packageRoot, 'adapters/aws'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file): [string, string] => [file, readFileSync(join(packageRoot, 'adapters/aws', file), 'utf8')]);

test('the names of tags are written once', () => {
  const literal = /'gcd-sfn:[a-z-]+'|\bmanagedBy:|'(tag:)?managedBy'/;
  const found = sources.filter(([file, source]) => file !== 'client/tags.ts' && literal.test(source));
  expect(found.map(([file]) => file)).toEqual([]);
});

test('listings are read by the paginators of the SDK', () => {
  const found = sources.filter(([, source]) =>
    /\b(nextToken|NextToken|NextContinuationToken)\b/.test(source),
  );
  expect(found.map(([file]) => file)).toEqual([]);
});
