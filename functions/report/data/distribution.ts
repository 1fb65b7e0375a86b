/** How long tasks took: bins for a histogram, and quantiles. */
import type { Timeline } from './timeline.ts';

export interface Bin {
  succeeded: number;
  failed: number;
}

export interface Distribution {
  /** Edges of the bins are even on this scale. */
  scale: 'linear' | 'logarithmic';
  /** Lower edge of the first bin and upper edge of the last, in seconds; `from` < `to`. */
  from: number;
  to: number;
  bins: Bin[];
  quantiles: { share: number; seconds: number }[];
}

const binCount = 36;
/** Durations that differ by less are shown on a linear scale. */
const logarithmicFrom = 8;
/** No clock that tasks are measured with tells less apart. */
const shortestSeconds = 1e-6;

function scaleOf(shortest: number, longest: number): Pick<Distribution, 'scale' | 'from' | 'to'> {
  const from = Math.max(shortest, shortestSeconds);
  const to = Math.max(longest, from);
  if (to / from >= logarithmicFrom) return { scale: 'logarithmic', from, to };
  // Durations that are all alike still need bins of some width.
  const margin = Math.max((to - from) * 0.02, to * 0.005);
  return { scale: 'linear', from: Math.max(0, from - margin), to: to + margin };
}

/** Where between `from` (0) and `to` (1) a duration lies. */
export function placeOf(scale: Pick<Distribution, 'scale' | 'from' | 'to'>, seconds: number): number {
  const { from, to } = scale;
  return scale.scale === 'linear'
    ? (seconds - from) / (to - from)
    : Math.log(Math.max(seconds, from) / from) / Math.log(to / from);
}

/** Undefined when no task ended. */
export function distribution(timeline: Timeline): Distribution | undefined {
  if (timeline.count === 0) return undefined;
  const sorted = Float64Array.from(
    { length: timeline.count },
    (_, at) => timeline.end[at]! - timeline.start[at]!,
  );
  const scale = scaleOf(...extremes(sorted));
  const bins = Array.from({ length: binCount }, (): Bin => ({ succeeded: 0, failed: 0 }));
  sorted.forEach((seconds, at) => {
    const bin = bins[Math.max(0, Math.min(binCount - 1, Math.floor(placeOf(scale, seconds) * binCount)))]!;
    bin[timeline.failed[at] === 1 ? 'failed' : 'succeeded']++;
  });
  sorted.sort();
  const quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1].map((share) => ({
    share,
    seconds: sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!,
  }));
  return { ...scale, bins, quantiles };
}

function extremes(values: Float64Array): [shortest: number, longest: number] {
  let [shortest, longest] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    shortest = Math.min(shortest, value);
    longest = Math.max(longest, value);
  }
  return [shortest, longest];
}
