/** Which row of the chart each worker's lane is drawn in: its own, or one that it shares when there are many. */
import { plural } from '../../../core/format/numbers.ts';
import type { WorkerSummary } from '../../../core/run-store/status/summary.ts';

export interface Row {
  node: string;
  /** Further nodes whose workers share the row. */
  moreNodes: number;
  /** Name of the worker, or how many share the row. */
  label: string;
  lanes: number;
}

export interface Rows {
  rows: Row[];
  /** Row of each lane. */
  rowOf: Uint16Array;
  /** Whether a row holds more than one worker. */
  shared: boolean;
}

type Lane = { worker: WorkerSummary; lane: number };

const chunks = <Item>(items: Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** Rows of lanes of the same node where that stays within `most`, else of nodes that follow one another. */
function grouped(lanes: Lane[], most: number): Lane[][] {
  const nodes = [...Map.groupBy(lanes, ({ worker }) => worker.node).values()];
  if (nodes.length > most) return chunks(nodes, Math.ceil(nodes.length / most)).map((some) => some.flat());
  let size = Math.max(1, Math.ceil(lanes.length / most));
  while (nodes.reduce((rows, node) => rows + Math.ceil(node.length / size), 0) > most) size++;
  return nodes.flatMap((node) => chunks(node, size));
}

function rowOfLanes(lanes: Lane[]): Row {
  const { node, worker } = lanes[0]!.worker;
  const nodes = new Set(lanes.map((lane) => lane.worker.node)).size;
  const label = lanes.length === 1 ? worker : plural(lanes.length, 'worker');
  return { node, moreNodes: nodes - 1, label, lanes: lanes.length };
}

/** At most `most` rows for these workers, nodes together, in the order of the summary. */
export function rowsOf(workers: WorkerSummary[], most: number): Rows {
  const groups = grouped(
    workers.map((worker, lane) => ({ worker, lane })),
    most,
  );
  const rowOf = new Uint16Array(workers.length);
  groups.forEach((lanes, row) => {
    for (const { lane } of lanes) rowOf[lane] = row;
  });
  return { rows: groups.map(rowOfLanes), rowOf, shared: groups.length < workers.length };
}
