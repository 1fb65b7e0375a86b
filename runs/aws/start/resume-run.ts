/** Starts the next execution of a run on AWS. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { frozenPath } from '../../../adapters/local/project/frozen-project.ts';
import type { LockedRun, RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import { version } from '../../../adapters/local/version.ts';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { copiedPlace, copyIsGone, listingKey } from '../../../core/bucket/copied-data.ts';
import { RunLocked, UsageError } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { EksRequest } from '../../../core/run-store/request/draft.ts';
import type { RunStatus } from '../../../core/run-store/status/run-status.ts';
import { refuseAbove } from '../../../core/stack.ts';
import { exists, type Store } from '../../../core/store.ts';
import type { ResumeOptions } from '../../../ports/runs.ts';
import { reopenRun } from '../../prepare-run.ts';
import type { Cloud } from '../cloud.ts';
import { latestExecution, startNext } from '../executions-of.ts';
import { type RunArtifacts, uploadArtifacts } from './artifacts.ts';
import { checkVersion, checkWorker } from './check-version.ts';
import { discardFailedRecords } from './discard-failed-records.ts';
import { type PackSource, type Source, withImage } from './image-source.ts';
import { licenceToResume } from './licence.ts';

/** Another execution would find no task to run, and its machines would cost. */
export function isComplete({ state, tasks }: RunStatus, retryFailed: boolean): boolean {
  const { succeeded, failed, total } = tasks;
  const hasEnded = state === 'done' && total !== null && succeeded + failed >= total;
  return hasEnded && !(retryFailed && failed > 0);
}

/**
 * @param stored the request as it is on this machine
 * @returns the execution's name
 * @throws RunLocked while an execution or its clean-up goes on; LimitExceeded, VersionMismatch; NotFound when the copied
 * data was deleted; UsageError, ProjectInvalid
 */
export async function resumeRun(
  cloud: Cloud,
  runs: RunsFolder,
  stored: EksRequest,
  options: ResumeOptions & { pack: PackSource },
): Promise<string> {
  checkVersion(cloud.stack);
  await requireCopiedData(cloud, stored);
  const { request, held, code } = await reopen(runs, stored, options);
  try {
    if (cloud.stack.limits) refuseAbove(cloud.stack.limits, request.target);
    const { source, changed } = await sourceFor(cloud, request, code, options);
    if (changed) await held.store.write(layout.request, JSON.stringify(changed, undefined, 2));
    const licence = await licenceToResume(request, code !== null, options.licence);
    const { retryFailed } = options;
    return await startAnother(cloud, request, { source, licence }, { changed, retryFailed });
  } finally {
    held.release();
  }
}

interface Reopened {
  request: EksRequest;
  held: LockedRun;
  /** Path of the frozen code; null for a run that was started elsewhere. */
  code: string | null;
}

async function reopen(runs: RunsFolder, stored: EksRequest, options: ResumeOptions): Promise<Reopened> {
  const { run, codeDigest } = stored;
  const { chooseCode, report } = options;
  if (existsSync(frozenPath(join(runs.folderOf(run), 'code'), codeDigest))) {
    const reopened = await reopenRun(runs, run, chooseCode, report.onNotice);
    return { ...reopened, request: reopened.request as EksRequest };
  }
  if (options.useEdited)
    throw new UsageError(`run ${run} was started elsewhere: it resumes with the code that it has`, {
      hint: 'Leave --use-edited out, or start another run.',
    });
  return { request: stored, held: runs.hold(run), code: null };
}

/** @returns what the image is built from; and the request, when it has to change */
async function sourceFor(
  cloud: Cloud,
  request: EksRequest,
  code: string | null,
  { pack, report }: { pack: PackSource; report: ResumeOptions['report'] },
): Promise<{ source: Source; changed: EksRequest | null }> {
  if (code === null) {
    checkWorker(request.run, request.version);
    return { source: sourceInStack(request), changed: null };
  }
  const source = await pack(code, request);
  for (const notice of source.notices ?? []) report.onNotice(notice);
  const isNew = source.digest !== request.target.image.digest;
  if (isNew && source.taken) report.onPacked(source.taken);
  // An image that is packed here has the worker of this version.
  const own = version();
  if (!isNew && request.version === own) return { source, changed: null };
  return { source, changed: withImage({ ...request, version: own }, cloud, source) };
}

/** The source that the stack has. */
const sourceInStack = ({ run, target }: EksRequest): Source => ({
  digest: target.image.digest,
  body: () => {
    throw new UsageError(`the source of the image of run ${run} was deleted from the stack`, {
      hint: 'Resume it on the machine that started it, or start another run.',
    });
  },
});

/**
 * A run keeps the data that was copied when it started: the folder may have changed since.
 * @throws NotFound when the copy was deleted
 */
async function requireCopiedData(cloud: Cloud, { config }: EksRequest): Promise<void> {
  const place = copiedPlace(config.dataBucket, cloud.stack.bucket);
  if (place && !(await exists(cloud.store(''), listingKey(place)))) throw copyIsGone(place);
}

export interface NextExecution {
  /** The request, when it has to change. */
  changed: EksRequest | null;
  retryFailed: boolean;
}

/**
 * @returns the execution's name
 * @throws RunLocked while an execution or its clean-up goes on
 */
export async function startAnother(
  cloud: Cloud,
  { run, repetitions }: EksRequest,
  artifacts: RunArtifacts,
  { changed, retryFailed }: NextExecution,
): Promise<string> {
  const store = cloud.store(bucketLayout.run(run));
  const latest = await refuseRunning(cloud, run, store);
  if (changed) await store.write(layout.request, JSON.stringify(changed, undefined, 2));
  if (retryFailed) await discardFailedRecords(store, repetitions, latest ?? run);
  // A request to stop was for the execution before.
  await store.remove(layout.control);
  await uploadArtifacts(cloud, run, artifacts);
  return startNext(cloud, run);
}

/** @returns name of the latest execution @throws RunLocked while it, or its clean-up, goes on */
async function refuseRunning(cloud: Cloud, run: string, store: Store): Promise<string | undefined> {
  const latest = (await latestExecution(cloud, run, store))?.execution;
  if (latest?.state === 'running')
    throw new RunLocked(`run ${run} is running: execution ${latest.name}`, {
      hint: `gcd-sfn watch ${run} follows it, gcd-sfn stop ${run} stops it.`,
    });
  const cleanUp = latest && (await cloud.executions.find(`${latest.name}-cleanup`));
  if (cleanUp?.state === 'running')
    throw new RunLocked(`the clean-up after execution ${latest?.name} of run ${run} is running`, {
      hint: 'Try again in a minute.',
    });
  return latest?.name;
}
