/** Begins a run on AWS: its request, what its image is made from, its licence file, its first execution. */
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { AlreadyThere, RequestInvalid, RunLocked, UsageError } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { checkedRequest } from '../../core/run-store/request/request.ts';
import { type Body, exists } from '../../core/store.ts';
import type { EksTarget } from '../../core/target.ts';
import type { Cloud } from './cloud.ts';
import { discardFailedRecords } from './discard-failed-records.ts';
import { latestExecution, startNext } from './executions-of.ts';

export type EksRequest = RunRequest & { target: EksTarget };

/** @throws RequestInvalid when it is for another place, or is not what a run can be asked */
export function eksRequest(given: unknown, of: string): EksRequest {
  const request = checkedRequest(given, of);
  const { target } = request;
  if (target.kind === 'eks') return { ...request, target };
  throw new RequestInvalid(`the request of ${of} cannot be used: it is for no cluster`);
}

/** What a run brings along besides its request. */
export interface RunArtifacts {
  /** The archive with this digest; asked for its bytes only when the bucket has not got it. */
  source: { digest: string; body(): Body };
  /** The content of the solver's licence file; null: there is none. */
  licence: Uint8Array | null;
}

const nameTaken = (run: string, stack: string) =>
  new UsageError(`there is a run '${run}' in stack ${stack} already`, {
    hint: `Take another --name, or go on with it: gcd-sfn resume ${run}`,
  });

/** @throws UsageError when the stack has a run of that name */
export async function checkNameOnAws(cloud: Cloud, run: string): Promise<void> {
  if (await exists(cloud.store(bucketLayout.run(run)), layout.request))
    throw nameTaken(run, cloud.stack.name);
}

/**
 * The request goes first: it claims the name. What fails afterwards takes it back.
 * @returns the execution's name
 * @throws UsageError when the stack has a run of that name; RequestInvalid, AccessDenied, Unreachable
 */
export async function beginOnAws(
  cloud: Cloud,
  request: EksRequest,
  artifacts: RunArtifacts,
): Promise<string> {
  const { run } = request;
  checkedRequest(request, `run ${run}`);
  const store = cloud.store(bucketLayout.run(run));
  try {
    await store.write(layout.request, JSON.stringify(request, undefined, 2), { ifAbsent: true });
  } catch (error) {
    if (error instanceof AlreadyThere) throw nameTaken(run, cloud.stack.name);
    throw error;
  }
  try {
    await bring(cloud, run, artifacts);
    return await startNext(cloud, run);
  } catch (error) {
    // Whatever cannot be taken back now: the licence goes after 14 days by itself, and the rest is no harm.
    await Promise.allSettled([cloud.licences.remove(run), store.remove(layout.request)]);
    throw error;
  }
}

export interface ResumeOptions {
  /** The request, when it is not what it was: it goes on with other code. */
  changed: EksRequest | null;
  retryFailed: boolean;
}

/**
 * Starts the next execution of a run: what has a record is not done again.
 * @returns the execution's name
 * @throws RunLocked when an execution of it is going on, or what the last one has left is being cleaned up
 */
export async function resumeOnAws(
  cloud: Cloud,
  request: EksRequest,
  artifacts: RunArtifacts,
  { changed, retryFailed }: ResumeOptions,
): Promise<string> {
  const { run } = request;
  const store = cloud.store(bucketLayout.run(run));
  const newest = await latestExecution(cloud, run, store);
  if (newest?.execution.state === 'running')
    throw new RunLocked(`run ${run} is going on: execution ${newest.execution.name}`, {
      hint: `gcd-sfn watch ${run} follows it, gcd-sfn stop ${run} stops it.`,
    });
  const left = newest && (await cloud.executions.find(`${newest.execution.name}-cleanup`));
  if (left?.state === 'running')
    throw new RunLocked(
      `what execution ${newest?.execution.name} of run ${run} has left is being cleaned up`,
      {
        hint: 'Try again in a minute.',
      },
    );
  if (changed) await store.write(layout.request, JSON.stringify(changed, undefined, 2));
  if (retryFailed) await discardFailedRecords(store, request.repetitions, newest?.execution.name ?? run);
  // A wish to stop was of the execution before.
  await store.remove(layout.control);
  await bring(cloud, run, artifacts);
  return startNext(cloud, run);
}

async function bring(cloud: Cloud, run: string, { source, licence }: RunArtifacts): Promise<void> {
  await bringSource(cloud, source);
  if (licence) await cloud.licences.put(run, licence);
}

/** Named by its content: one that is there is the same. */
export async function bringSource(cloud: Cloud, { digest, body }: RunArtifacts['source']): Promise<void> {
  const bucket = cloud.store('');
  const key = bucketLayout.source(digest);
  if (!(await exists(bucket, key))) await bucket.write(key, body());
}
