/** Ticks of a time axis. */
import type { Clock } from '../data/clock.ts';

export interface Axis {
  /** What the numbers are: `seconds`. */
  unit: string;
  /** `at` is a share of the axis, 0 to 1. */
  ticks: { at: number; label: string }[];
}

const units = [
  { unit: 'microseconds', seconds: 1e-6, from: 0 },
  { unit: 'milliseconds', seconds: 1e-3, from: 1e-3 },
  { unit: 'seconds', seconds: 1, from: 1 },
  { unit: 'minutes', seconds: 60, from: 180 },
  { unit: 'hours', seconds: 3600, from: 3 * 3600 },
  { unit: 'days', seconds: 86_400, from: 3 * 86_400 },
];

/** Steps that people count in. */
const decimal = [1, 2, 5, 10];
const sixty = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3000, 6000];

/** The smallest step, in the unit, that makes no more than `most` ticks over `span` units. */
function stepFor(span: number, most: number, isMinutes: boolean): number {
  const least = span / most;
  const known = isMinutes ? sixty.find((step) => step >= least) : undefined;
  if (known !== undefined) return known;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * decimal.find((step) => step * power >= least * (1 - 1e-9))!;
}

/** At most about `most` ticks; none inside gaps, and none closer to its neighbour than 1 / `most` of the axis. */
export function axisOf(clock: Clock, most: number): Axis {
  const { unit, seconds } = units.findLast(({ from }) => clock.length >= from)!;
  const step = stepFor(clock.length / seconds, most, unit === 'minutes');
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Axis['ticks'] = [];
  for (const stretch of clock.stretches) {
    const last = Math.floor(stretch.end / seconds / step + 1e-9);
    for (let n = Math.ceil(stretch.start / seconds / step - 1e-9); n <= last; n++) {
      const at = clock.at(n * step * seconds) / clock.length;
      const label = (n * step).toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
      if (at - (ticks.at(-1)?.at ?? -1) >= 0.6 / most) ticks.push({ at, label });
    }
  }
  return { unit, ticks };
}
