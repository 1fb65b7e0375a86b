/** What a run will cost, before it begins. */
import { formatDollars } from '../../core/format/numbers.ts';
import type { PriceList } from '../../ports/account/prices.ts';
import type { Extent } from './calls.ts';
import { hourly, once, type Scale, sum } from './rates.ts';

export interface EstimateRequest extends Scale, Omit<Extent, 'workers'> {
  /** Whether the image may have to be built. */
  builds: boolean;
  makesCluster: boolean;
  /** Sum of all tasks' durations, seconds; null when nobody knows. */
  work: number | null;
  /** The longest task, seconds; null when nobody knows. */
  longest: number | null;
}

export interface Estimate {
  /** US dollars; null when nobody knows how long the tasks take: then `perHour` is all that can be said. */
  dollars: { low: number; high: number } | null;
  /** Seconds from start to end; null as above. */
  seconds: { low: number; high: number } | null;
  /** US dollars an hour, of each part and together. */
  parts: Record<string, number>;
  perHour: number;
  /** With the build of the image, where there may be one. */
  once: number;
  /** The day of the prices, `2026-11-22`. */
  pricesOf: string;
  /** What a person should know about these figures. */
  notes: string[];
}

/** Seconds from the request to the first task: with all there, and with a cluster to be made. */
const readySeconds = { there: [60, 240], made: [900, 1500] } as const;
/** How far durations of earlier runs, on other machines, may be off. */
const spread = [0.8, 1.5] as const;

/** A range: from everything at its best to everything at its worst. */
export function estimate(prices: PriceList, request: EstimateRequest): Estimate {
  const parts = hourly(prices, request);
  const perHour = sum(parts);
  const slots = request.nodes * request.workersPerNode;
  const { build, ...others } = once(prices, { ...request, workers: slots });
  const single = build + sum(others);
  const notes = [...(build > 0 ? [noteOnBuild(build)] : []), ...notesOn(prices)];
  const common = { parts, perHour, once: single, pricesOf: prices.date, notes };
  if (request.work === null) return { ...common, dollars: null, seconds: null };
  const least = Math.max(request.work / slots, request.longest ?? 0) * request.repetitions;
  const [soon, late] = readySeconds[request.makesCluster ? 'made' : 'there'];
  const seconds = { low: soon + least * spread[0], high: late + least * spread[1] };
  const dollars = (time: number, least: number) => least + (perHour * time) / 3600;
  const range = { low: dollars(seconds.low, sum(others)), high: dollars(seconds.high, single) };
  return { ...common, seconds, dollars: range };
}

const noteOnBuild = (amount: number): string =>
  `${formatDollars(amount)} of it builds the image, unless one of the same content is there`;

function notesOn({ source, date, region, burstVcpuHour }: PriceList): string[] {
  const notes = ['without taxes, data transfer, and what the cluster costs after the run'];
  if (source === 'bundled')
    notes.push(
      `prices of ${date}, which came with this version and are those of ${region}: AWS could not be asked; spot counts as on demand`,
    );
  if (burstVcpuHour > 0)
    notes.push('a burstable type that is kept busy costs more than its list price; that is counted in');
  return notes;
}
