import { expect, test } from '@jest/globals';
import { formatAgo, formatTime, isoTime } from '../../../../core/format/dates.ts';

const now = 1_800_000_000;

test.each([
  [now, 'just now'],
  [now + 59, 'just now'],
  [now - 59.9, '59 s ago'],
  [now - 60, '1 min ago'],
  [now - 3600, '1 h ago'],
  [now - 48 * 3600, '2 d ago'],
  [now - 30 * 86_400, '2026-12-16 08:00:00 UTC'],
  // Another machine's clock is ahead.
  [now + 61, '2027-01-15 08:01:01 UTC'],
  [now - 12.9, '12 s ago'],
  [now - 3599, '59 min ago'],
  [now - 47 * 3600, '47 h ago'],
  [now - 29 * 86_400, '29 d ago'],
  [now - 31 * 86_400, '2026-12-15 08:00:00 UTC'],
  [now + 3600, '2027-01-15 09:00:00 UTC'],
])('%d is %s', (at, text) => {
  expect(formatAgo(at, now)).toBe(text);
});

test('dates, those of damaged files, too', () => {
  expect([0, 1e20, null].map(formatTime)).toEqual(['1970-01-01 00:00:00 UTC', '-', '-']);
  expect(isoTime(1.5)).toBe('1970-01-01T00:00:01.500Z');
  expect(isoTime(1e300)).toBe('+275760-09-13T00:00:00.000Z');
  expect(isoTime(-1e300)).toBe('-271821-04-20T00:00:00.000Z');
});
