/** Time as the chart shows it: long gaps in which no task ran (an interrupted run) are drawn short. */
import { Largest } from './largest.ts';
import type { Timeline } from './timeline.ts';

export interface Gap {
  /** Seconds after the first task's start. */
  start: number;
  end: number;
}

export interface Clock {
  /** Seconds that the axis is long, gaps drawn short; more than 0. */
  length: number;
  /** Place on the axis, 0 to `length`, of a time in seconds after the first start. */
  at: (seconds: number) => number;
  gaps: Gap[];
  /** The stretches between the gaps. */
  stretches: Gap[];
}

/** A gap is drawn short when it is this many times as long as what else there is to show. */
const gapPerRest = 0.25;
/** What a shortened gap takes of the axis, as a share of the rest. */
const shownPerRest = 0.03;
const mostGaps = 12;

/** The longest times in which no task ran, longest first, and the time of the last end. */
function idle(timeline: Timeline): { gaps: Gap[]; span: number } {
  const starts = timeline.start.slice(0, timeline.count).sort();
  const ends = timeline.end.slice(0, timeline.count).sort();
  const gaps = new Largest<Gap>(mostGaps);
  // When the i-th start comes after the i-th end, all that began before has ended.
  for (let i = 1; i < starts.length; i++) {
    const start = ends[i - 1]!;
    const end = starts[i]!;
    if (end > start) gaps.offer(end - start, () => ({ start, end }));
  }
  return { gaps: gaps.values(), span: ends.at(-1) ?? 0 };
}

const length = (gap: Gap) => gap.end - gap.start;

/** The gaps that would take much of the axis, in order of time. */
function tooLong(longestFirst: Gap[], span: number): Gap[] {
  let rest = span;
  const found = longestFirst.filter((gap) => {
    const without = rest - length(gap);
    const takes = length(gap) >= gapPerRest * without;
    if (takes) rest = without;
    return takes;
  });
  return found.sort((a, b) => a.start - b.start);
}

/** A clock for these tasks. Works with none, and with tasks that took no time. */
export function clockOf(timeline: Timeline): Clock {
  const { gaps: longest, span } = idle(timeline);
  const gaps = tooLong(longest, span);
  const open = gaps.reduce((rest, gap) => rest - length(gap), span);
  const shown = open * shownPerRest;
  const edges = [0, ...gaps.flatMap((gap) => [gap.start, gap.end]), span];
  const stretches = gaps.length === 0 ? [{ start: 0, end: span }] : pairs(edges);
  const at = (seconds: number) => {
    let place = Math.min(seconds, span);
    for (const gap of gaps) {
      if (seconds >= gap.end) place += shown - length(gap);
      else if (seconds > gap.start) return place - (seconds - gap.start) * (1 - shown / length(gap));
      else break;
    }
    return place;
  };
  // Numbers this near to one another can still be told apart far from zero.
  const least = Math.max(1e-9, span * 1e-9);
  return { length: Math.max(open + shown * gaps.length, least), at, gaps, stretches };
}

function pairs(edges: number[]): Gap[] {
  const found: Gap[] = [];
  for (let i = 0; i < edges.length; i += 2) found.push({ start: edges[i]!, end: edges[i + 1]! });
  return found;
}
