/** A range of seconds for people, rounded so that it does not change at every look. */
import type { TimeRange } from './pace.ts';

interface Unit {
  seconds: number;
  name: string;
  /** Ranges that reach so far are told in this unit. */
  from: number;
}

const units: Unit[] = [
  { seconds: 86_400, name: 'd', from: 2 * 86_400 },
  { seconds: 3600, name: 'h', from: 2 * 3600 },
  { seconds: 60, name: 'min', from: 90 },
  { seconds: 1, name: 's', from: 0 },
];

/** `2–3 min left`, `under 20 s left`, `1.5–4 h left`. */
export function formatTimeLeft({ low, high }: TimeRange): string {
  const { seconds, name } = units.find(({ from }) => high >= from) as Unit;
  const from = outward(low / seconds, Math.floor);
  const to = outward(high / seconds, Math.ceil);
  const least = name === 's' ? 1 : 0.5;
  // Three halves of an hour are worth telling, three halves of a second are not.
  const shown = (value: number) => `${name === 's' ? Math.ceil(value) : value}`;
  if (from < least || to > 10 * from) return `under ${shown(to)} ${name} left`;
  if (shown(from) === shown(to)) return `about ${shown(to)} ${name} left`;
  return `${shown(from)}–${shown(to)} ${name} left`;
}

/** Rounds to steps of about a tenth: halves, wholes, twos, fives, tens … */
function outward(value: number, round: (value: number) => number): number {
  const step = [0.5, 1, 2, 5, 10, 20, 50, 100].find((candidate) => value <= 10 * candidate) ?? 200;
  return round(value / step) * step;
}

/** Follows the estimates calmly, so that the line does not jitter. */
