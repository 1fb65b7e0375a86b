import { expect, test } from '@jest/globals';
import { SteadyTimeLeft } from '../../../../cli/terminal/tracker.ts';

test('time goes by between two estimates, and a new one is followed calmly', () => {
  const left = new SteadyTimeLeft();
  left.update(0, { low: 100, high: 200 });
  expect(left.at(10)).toEqual({ low: 90, high: 190 });
  left.update(10, { low: 95, high: 110 });
  expect(left.at(10)).toEqual({ low: 91.25, high: 170 });
  left.update(10, { low: 50, high: 400 });
  expect(left.at(10)).toEqual({ low: 50, high: 400 });
  left.update(11, undefined);
  expect(left.at(11)).toBeUndefined();
});
