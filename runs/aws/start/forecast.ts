/** Plan, duration and cost of a run on AWS before it starts. */

import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { clusterData } from '../../../core/config/cluster-data.ts';
import type { Config } from '../../../core/config/config.ts';
import type { PriceList } from '../../../core/estimate/cost/price-list.ts';
import { type Estimate, estimate } from '../../../core/estimate/cost/run-cost.ts';
import type { Plan } from '../../../core/run-store/plan/plan.ts';
import type { EksDraft } from '../../../core/run-store/request/draft.ts';
import type { RunRequest } from '../../../core/run-store/request/request.ts';
import type { Store } from '../../../core/store.ts';
import type { Decided } from '../../../functions/plan/columns/columns-to-tasks.ts';
import { filesOf } from '../../../functions/plan/files/list-files.ts';
import { planTasks } from '../../../functions/plan/plan.ts';
import type { Cloud } from '../cloud.ts';

export interface Forecast {
  /** Files that were listed, and whether more exist. */
  files: { count: number; bytes: number; more: boolean };
  /** Null when there are too many files to read their headers first. */
  plan: Plan | null;
  estimate: Estimate;
  makesCluster: boolean;
  /** Clusters that the region has. */
  clusters: number;
}

/** Ten pages of a listing; the headers of so many files are read in seconds. */
const mostListed = 10_000;
const mostPlanned = 1000;

export interface ForecastOptions {
  prices: PriceList;
  /** Store for the plan, which is discarded. */
  scratch: Store;
  /** Plan, however many files there are. */
  whole?: boolean;
  /** The folder with the data, when that is not in S3 yet. */
  folder?: Store | undefined;
  /** Called for each planned file. */
  onFile?: (decided: Decided) => void;
}

/**
 * @throws NothingToDo when no file matches, UsageError when the data is a folder that was not given
 */
export async function forecast(
  cloud: Cloud,
  draft: EksDraft,
  { prices, scratch, whole = false, folder, onFile }: ForecastOptions,
): Promise<Forecast> {
  const { config, selection, target } = draft;
  const data = folder ?? cloud.data(clusterData(config), config.dataAccess);
  const files = await listed(data, config.filePattern, selection);
  const project = cloud.store(bucketLayout.project(draft));
  const isPlanned = whole || (!files.more && files.count <= mostPlanned);
  const plan = isPlanned
    ? await planTasks({ data, store: scratch, project, ...(onFile && { onFile }) })(draft)
    : null;
  const names = await cloud.clusterNames();
  const makesCluster = !names.includes(target.cluster.name);
  const found = { files, plan, makesCluster, clusters: names.length };
  return { ...found, estimate: estimateOn(target.nodes, draft, prices, found) };
}

/** Duration and cost of the same run on a given number of nodes. */
export function estimateOn(
  nodes: number,
  { target, repetitions }: EksDraft,
  prices: PriceList,
  { files, plan, makesCluster }: Pick<Forecast, 'files' | 'plan' | 'makesCluster'>,
): Estimate {
  const { nodegroup, workersPerNode, bastion } = target;
  return estimate(prices, {
    ...{ nodes, workersPerNode, repetitions, makesCluster },
    diskGiB: nodegroup.diskGiB,
    hasBastion: bastion !== null,
    batches: plan?.batches ?? files.count,
    tasks: plan?.tasks ?? files.count,
    files: plan?.files ?? files.count,
    // Whether the image must be built is known only after packing, which happens after the question.
    builds: true,
    work: plan?.expected.seconds ?? null,
    longest: plan?.expected.longest ?? null,
  });
}

async function listed(
  data: Store,
  pattern: Config['filePattern'],
  selection: RunRequest['selection'],
): Promise<Forecast['files']> {
  const files = { count: 0, bytes: 0, more: false };
  for await (const { size } of filesOf(data, pattern, selection)) {
    if (files.count === mostListed) return { ...files, more: true };
    files.count++;
    files.bytes += size;
  }
  return files;
}
