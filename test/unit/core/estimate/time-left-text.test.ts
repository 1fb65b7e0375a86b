import { expect, test } from '@jest/globals';
import { formatTimeLeft } from '../../../../core/estimate/time-left-text.ts';

test.each([
  [0.2, 3, 'under 3 s left'],
  [9.4, 9.6, '9–10 s left'],
  [32, 58, '30–60 s left'],
  [61, 89, '60–90 s left'],
  [125, 170, '2–3 min left'],
  [150, 290, '2.5–5 min left'],
  [10, 600, 'under 10 min left'],
  [5400, 3 * 3600, '1.5–3 h left'],
  [3 * 86_400, 6.2 * 86_400, '3–7 d left'],
])('%d to %d seconds are told as %s', (low, high, text) => {
  expect(formatTimeLeft({ low, high })).toBe(text);
});

test('what is told contains what was meant', () => {
  for (let low = 1; low < 100_000; low *= 1.7)
    for (const ratio of [1, 1.1, 1.5, 3]) {
      const [, from = '', to = '', unit = 's'] = formatTimeLeft({ low, high: low * ratio }).match(
        /([\d.]+)–([\d.]+) (s|min|h|d)/,
      ) ?? ['', '0', '1e9', 's'];
      const seconds = { s: 1, min: 60, h: 3600, d: 86_400 }[unit] as number;
      expect(Number(from) * seconds).toBeLessThanOrEqual(low + 1);
      expect(Number(to) * seconds).toBeGreaterThanOrEqual(low * ratio - 1e-6);
    }
});
