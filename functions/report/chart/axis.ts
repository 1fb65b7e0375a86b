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

/**
 * @param length seconds that an axis of full width shows, `most` how many ticks it may have: panels on the same scale
 * get the same steps.
 * @returns ticks between the gaps, none too close to the one before.
 */
export function axisOf(clock: Clock, { length, most }: { length: number; most: number }): Axis {
  const { unit, seconds } = units.findLast(({ from }) => length >= from)!;
  const step = stepFor(length / seconds, most, unit === 'minutes');
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const format = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const ticks: Axis['ticks'] = [];
  const apart = (0.6 * length) / clock.length / most;
  for (const stretch of clock.stretches) {
    const first = Math.max(0, Math.ceil(stretch.start / seconds / step - 1e-9));
    const last = Math.floor(stretch.end / seconds / step + 1e-9);
    for (let n = first; n <= last; n++) {
      const at = clock.at(n * step * seconds) / clock.length;
      if (at - (ticks.at(-1)?.at ?? -1) >= apart)
        ticks.push({ at, label: (n * step).toLocaleString('en', format) });
    }
  }
  return { unit, ticks };
}
