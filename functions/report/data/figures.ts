/** Figures that follow from a repetition's summary. `null` where there is nothing to divide by. */
import type { RepetitionSummary } from '../../../ports/summary.ts';

export interface Figures {
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

export function figures(summary: RepetitionSummary): Figures {
  const { workers, parallelSeconds: parallel, serialSeconds: serial } = summary;
  const busy = workers.reduce((sum, worker) => sum + worker.busySeconds, 0);
  const bound = Math.max(serial / workers.length, summary.longest?.seconds ?? 0);
  const ended = summary.succeeded + summary.failed > 0;
  return {
    nodes: new Set(workers.map((worker) => worker.node)).size,
    efficiency: ratio(serial - parallel, serial),
    utilisation: ratio(busy, workers.length * parallel),
    lowerBound: ended && Number.isFinite(bound) ? bound : null,
    overBound: ended ? ratio(parallel, bound) : null,
  };
}
