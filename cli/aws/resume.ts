/** `gcd-sfn resume` for a run on AWS. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { frozenPath } from '../../adapters/local/project/frozen-project.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { copiedPlace, copyIsGone, listingKey } from '../../core/bucket/copied-data.ts';
import { type ExitCode, UsageError } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { Remote } from '../../core/run-store/status/remote.ts';
import { refuseAbove } from '../../core/stack.ts';
import { exists } from '../../core/store.ts';
import { type EksRequest, resumeOnAws } from '../../runs/aws/begin.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { reopenRun } from '../../runs/begin-run.ts';
import { type CodeOptions, codeChoice } from '../run/code-choice.ts';
import { version } from '../version.ts';
import { licenceOf } from './asked.ts';
import { type Connect, connect } from './connect.ts';
import { endRemote } from './end.ts';
import { pack } from './pack.ts';
import { type PackSource, type Source, withImage } from './source.ts';
import { checkVersion, checkWorker } from './stack/check-version.ts';
import { awsRun, followToEnd, sayDetached } from './start.ts';
import { showTaken } from './taken.ts';

export interface ResumeOnAws extends CodeOptions {
  retryFailed?: boolean;
  /** The solver's licence file, for a run that was begun elsewhere. */
  licence?: string;
  /** Returns when the execution has begun. */
  detach?: boolean;
  json?: boolean;
}

export interface ResumeParts {
  connect: Connect;
  pack: PackSource;
  /** Between two polls. */
  seconds?: number;
}

/** @throws RunLocked when an execution of the run is going on; LimitExceeded */
export async function resumeRemote(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  options: ResumeOnAws,
  parts: ResumeParts = { connect, pack },
): Promise<ExitCode> {
  const cloud = await parts.connect({ stack: remote.stack, region: remote.region });
  const through = await endWhenThrough(cloud, runs, name, options);
  if (through !== undefined) return through;
  checkVersion(cloud.stack);
  await refuseWithoutData(cloud, (await runs.request(name)) as EksRequest);
  const { request: taken, held, code } = await takeUp(runs, name, options);
  let request = taken as EksRequest;
  let execution: string;
  try {
    if (cloud.stack.limits) refuseAbove(cloud.stack.limits, request.target);
    const source = code === null ? sourceThere(request) : await parts.pack(code, request);
    // What is packed here has the worker of this version.
    const isRemade = code !== null && request.version !== version();
    if (code === null) checkWorker(name, request.version);
    const isNew = source.digest !== request.target.image.digest;
    if (isNew && source.taken) showTaken(source.taken, request.config);
    const isEdited = isRemade || isNew;
    if (isEdited) {
      request = withImage({ ...request, ...(isRemade && { version: version() }) }, cloud, source);
      await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    }
    const licence = await licenceFor(request, code, options.licence);
    execution = await resumeOnAws(
      cloud,
      request,
      { source, licence },
      {
        changed: isEdited ? request : null,
        retryFailed: options.retryFailed ?? false,
      },
    );
  } finally {
    held.release();
  }
  if (options.detach) return sayDetached({ request, execution }, cloud, options.json ?? false);
  console.error(`run ${name} goes on`);
  return followToEnd(awsRun(runs, name, cloud, parts.seconds), execution, { json: options.json ?? false });
}

/**
 * What was copied from a folder stays as it was when the run began: it cannot be copied anew from one that may have changed.
 * @throws NotFound when somebody has removed it
 */
async function refuseWithoutData(cloud: Cloud, { config }: EksRequest): Promise<void> {
  const place = copiedPlace(config.dataBucket, cloud.stack.bucket);
  if (place && !(await exists(cloud.store(''), listingKey(place)))) throw copyIsGone(place);
}

/**
 * Another execution would have nothing to do, and machines cost: the results are brought here instead.
 * @returns the exit code; undefined when something is left to do
 */
async function endWhenThrough(
  cloud: Cloud,
  runs: RunsFolder,
  name: string,
  { retryFailed = false, json = false }: ResumeOnAws,
): Promise<ExitCode | undefined> {
  const run = awsRun(runs, name, cloud);
  const status = await run.status();
  const { succeeded, failed, total } = status.tasks;
  const isThrough = status.state === 'done' && total !== null && succeeded + failed >= total;
  if (!isThrough || (retryFailed && failed > 0)) return undefined;
  console.error(`run ${name} is through: nothing is left to do${failed > 0 ? ' but what failed' : ''}`);
  return endRemote(run, status, { json, to: `${run.project}/results` });
}

/**
 * The licence file's content. Where it lies, only a request that was made here may say: one from the stack could name any
 * file of this machine.
 * @param code where the code is that was frozen here; null for a run that was begun elsewhere
 */
async function licenceFor({ run, config }: EksRequest, code: string | null, given: string | undefined) {
  if (given !== undefined) return licenceOf({ ...config, solverLicenceFile: resolve(given) });
  if (code === null && config.solverLicenceFile !== null)
    throw new UsageError(`run ${run} needs a licence file, and was begun elsewhere`, {
      hint: `Say where yours is: gcd-sfn resume ${run} --licence FILE`,
    });
  return licenceOf(config);
}

/** With the project's code, unless the run was begun elsewhere. */
async function takeUp(runs: RunsFolder, name: string, options: CodeOptions) {
  const request = await runs.request(name);
  if (hasFrozen(runs.folderOf(name), request.codeDigest))
    return reopenRun(runs, name, codeChoice(options), console.error);
  if (options.useEdited)
    throw new UsageError(`run ${name} was begun elsewhere: it goes on with the code that it has`, {
      hint: 'DeployConsent --use-edited out, or start another run.',
    });
  return { request, held: runs.hold(name), code: null };
}

const hasFrozen = (folder: string, digest: string): boolean =>
  existsSync(frozenPath(join(folder, 'code'), digest));

/** What the stack has already. */
const sourceThere = ({ run, target }: EksRequest): Source => ({
  digest: target.image.digest,
  body: () => {
    throw new UsageError(`what the image of run ${run} is made from is not in the stack any more`, {
      hint: 'Go on with it on the machine that began it, or start another run.',
    });
  },
});
