/** All runs in a stack's bucket, from any machine. */
import pMap from 'p-map';
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { NotFound, RequestInvalid } from '../../core/errors/errors.ts';
import type { EksRequest } from '../../core/run-store/request/draft.ts';
import { readRequest } from '../../core/run-store/request/request.ts';
import type { Store } from '../../core/store.ts';
import type { Execution } from '../../ports/account/executions.ts';
import type { Cloud } from './cloud.ts';
import { latestExecution } from './executions-of.ts';

export interface StackRun {
  run: string;
  /** ARN of who started it; null when it was not recorded. */
  by: string | null;
  project: string;
  cluster: string;
  nodes: number;
  /** Seconds since 1970. */
  requestedAt: number;
  /** State of its latest execution; null when Step Functions knows none. */
  state: Execution['state'] | null;
}

const concurrency = 8;

/**
 * The newest first. Each run takes several requests.
 * @param most maximum number of runs
 * @returns the runs, the number beyond the maximum, and the number of invalid requests
 */
export async function runsOfStack(
  cloud: Cloud,
  most: number,
): Promise<{ runs: StackRun[]; more: number; unusable: number }> {
  const { found, unusable } = await requestsIn(cloud.store);
  found.sort((a, b) => b.requestedAt - a.requestedAt);
  const states = new Map<string, Execution['state']>();
  const shown = found.slice(0, most);
  await pMap(
    shown,
    async ({ run }) => {
      const newest = await latestExecution(cloud, run, cloud.store(bucketLayout.run(run)));
      if (newest) states.set(run, newest.execution.state);
    },
    { concurrency },
  );
  const runs = shown.map(({ run, by = null, projectName, requestedAt, target }) => ({
    ...{ run, by, requestedAt, project: projectName, cluster: target.cluster.name, nodes: target.nodes },
    state: states.get(run) ?? null,
  }));
  return { runs, more: found.length - shown.length, unusable };
}

/**
 * The requests of all runs of a stack's bucket.
 * @param store the part of the bucket whose keys begin so
 * @returns how many runs there are, the requests of those that have one, and how many have one that cannot be used
 */
export async function requestsIn(
  store: Cloud['store'],
): Promise<{ count: number; found: EksRequest[]; unusable: number }> {
  const names: string[] = [];
  for await (const name of runNames(store(''))) names.push(name);
  const found: EksRequest[] = [];
  let unusable = 0;
  await pMap(
    names,
    async (name) => {
      const request = await readRequest(store(bucketLayout.run(name)), name).catch((error) => {
        // Leftovers of a deleted run have no request.
        if (error instanceof RequestInvalid) unusable++;
        else if (!(error instanceof NotFound)) throw error;
        return undefined;
      });
      const target = request?.target;
      if (request && target?.kind === 'eks') found.push({ ...request, target });
    },
    { concurrency },
  );
  return { count: names.length, found, unusable };
}

/** One listing request for each run, however many files it has. */
async function* runNames(bucket: Store): AsyncGenerator<string> {
  const prefix = 'runs/';
  let after: string | undefined;
  for (;;) {
    let first: string | undefined;
    for await (const { key } of bucket.list(prefix, after)) {
      first = key.slice(prefix.length).split('/')[0];
      break;
    }
    if (first === undefined) return;
    yield first;
    // Sorts after every key of this run.
    after = `${prefix}${first}/\u{10ffff}`;
  }
}
