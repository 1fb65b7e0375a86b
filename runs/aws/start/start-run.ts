/** Starts a run on AWS: freezes and packs the project, registers the run here and in the stack, starts its first execution. */
import { writeRemote } from '../../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { AlreadyThere, UsageError } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { EksDraft, EksRequest } from '../../../core/run-store/request/draft.ts';
import { checkedRequest } from '../../../core/run-store/request/request.ts';
import { exists } from '../../../core/store.ts';
import type { StartReport } from '../../../ports/runs.ts';
import { freezeFor } from '../../prepare-run.ts';
import type { Cloud } from '../cloud.ts';
import { startNext } from '../executions-of.ts';
import { type RunArtifacts, uploadArtifacts } from './artifacts.ts';
import { type PackSource, withImage } from './image-source.ts';
import { readLicence } from './licence.ts';

const nameTaken = (run: string, stack: string) =>
  new UsageError(`run '${run}' exists already in stack ${stack}`, {
    hint: `Take another --name, or resume it: gcd-sfn resume ${run}`,
  });

/**
 * For an early message: the name is claimed when the request is written.
 * @throws UsageError when the stack has a run of that name
 */
export async function refuseTakenName(cloud: Cloud, run: string): Promise<void> {
  if (await exists(cloud.store(bucketLayout.run(run)), layout.request))
    throw nameTaken(run, cloud.stack.name);
}

/**
 * The run's folder here is written before the execution starts, so that a running execution is always known here.
 * @returns the execution's name
 * @throws UsageError when the name is taken, here or in the stack; ProjectInvalid
 */
export async function startRun(
  cloud: Cloud,
  runs: RunsFolder,
  draft: EksDraft,
  { pack, report }: { pack: PackSource; report: StartReport },
): Promise<string> {
  const licence = await readLicence(draft.config);
  const held = await runs.create(draft.run);
  try {
    const { digest, path, leftOut } = await freezeFor(held, draft);
    report.onUnreadable(leftOut);
    const source = await pack(path, draft);
    for (const notice of source.notices ?? []) report.onNotice(notice);
    const request = withImage({ ...draft, codeDigest: digest }, cloud, source);
    const { name: stack, region, bucket } = cloud.stack;
    const cluster = request.target.cluster.name;
    writeRemote(held.folder, { stack, region, bucket, cluster, seen: null });
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    const execution = await startFirst(cloud, request, { source, licence });
    held.release();
    return execution;
  } catch (error) {
    held.release();
    await runs.remove(draft.run);
    throw error;
  }
}

/**
 * Writes the request, which claims the name, and starts the first execution; deletes the request when that fails.
 * @returns the execution's name
 * @throws UsageError when the stack has a run of that name; RequestInvalid, AccessDenied, Unreachable
 */
export async function startFirst(
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
    await uploadArtifacts(cloud, run, artifacts);
    return await startNext(cloud, run);
  } catch (error) {
    // What cannot be deleted now does no harm: a licence expires after 14 days.
    await Promise.allSettled([cloud.licences.remove(run), store.remove(layout.request)]);
    throw error;
  }
}
