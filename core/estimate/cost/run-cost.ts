/** What a run will cost, estimated before it starts. */
import { formatDollars } from '../../format/numbers.ts';
import { hourly, once, type Scale, sum } from './hourly-cost.ts';
import type { PriceList } from './price-list.ts';
import type { Extent } from './request-cost.ts';

export interface EstimateRequest extends Scale, Omit<Extent, 'workers'> {
  /** Whether the image may have to be built. */
  builds: boolean;
  makesCluster: boolean;
  /** Sum of all tasks' durations, seconds; null if not known. */
  work: number | null;
  /** The longest task, seconds; null if not known. */
  longest: number | null;
}

export interface Estimate {
  /** US dollars; null if it is not known how long the tasks take: then only `perHour` is. */
  dollars: { low: number; high: number } | null;
  /** Seconds from start to end; null as above. */
  seconds: { low: number; high: number } | null;
  /** US dollars an hour of each part; `perHour` is their sum. */
  parts: Record<string, number>;
  perHour: number;
  /** US dollars that do not depend on time, with the build of the image, if one may be needed. */
  once: number;
  /** The day of the prices, `2026-11-22`. */
  pricesOf: string;
  /** What a person should know about these figures. */
  notes: string[];
}

/** Seconds from the request to the first task: with an existing cluster, and with one to be created. */
const readySeconds = { existing: [60, 240], created: [900, 1500] } as const;
/** Factors by which durations of earlier runs, on other machines, may be off. */
const spread = [0.8, 1.5] as const;

/** Ranges from the best case to the worst. */
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
  const [soon, late] = readySeconds[request.makesCluster ? 'created' : 'existing'];
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
