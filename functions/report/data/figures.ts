/** Figures that follow from a repetition's summary. `null` where there is nothing to divide by. */
import type { RepetitionSummary } from '../../../core/run-store/status/summary.ts';

export interface Figures {
  /** That worked at one time, on so many nodes. */
  workersAtOnce: number;
  nodes: number;
  /** (serial - parallel) / serial. */
  efficiency: number | null;
  /** Busy time of all workers / (workers x parallel), 0 to 1. */
  utilisation: number | null;
  /** No schedule on as many workers ends sooner: max(serial / workers, longest task), in seconds. */
  lowerBound: number | null;
  /** parallel / lowerBound: 1 is perfect. */
  overBound: number | null;
}

const ratio = (above: number, below: number): number | null => {
  const value = above / below;
  return Number.isFinite(value) ? value : null;
};

/** Of a whole, 0 to 1: what is measured by two clocks may be off by a little. `null` when there is no whole. */
export function share(part: number, whole: number): number | null {
  return whole > 0 && Number.isFinite(part) ? Math.min(1, Math.max(0, part / whole)) : null;
}

export function figures(summary: RepetitionSummary): Figures {
  const { workers, parallelSeconds: parallel, serialSeconds: serial } = summary;
  const counted = { workers: workers.length, nodes: new Set(workers.map((worker) => worker.node)).size };
  const { workers: workersAtOnce, nodes } = summary.most ?? counted;
  const busy = workers.reduce((sum, worker) => sum + worker.busySeconds, 0);
  const bound = Math.max(serial / workersAtOnce, summary.longest?.seconds ?? 0);
  const ended = summary.succeeded + summary.failed > 0;
  return {
    workersAtOnce,
    nodes,
    efficiency: ratio(serial - parallel, serial),
    utilisation: share(busy, workersAtOnce * parallel),
    lowerBound: ended && Number.isFinite(bound) ? bound : null,
    overBound: ended ? ratio(parallel, bound) : null,
  };
}
