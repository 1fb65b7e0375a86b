/** Freezes a project, remembers its run here, and begins it on AWS. */
import { writeRemote } from '../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { layout } from '../../core/run-store/layout.ts';
import { beginOnAws, checkNameOnAws, type EksRequest } from '../../runs/aws/begin.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import type { Wanted } from '../../runs/aws/forecast.ts';
import { freezeFor } from '../../runs/begin-run.ts';
import { sayNotCopied } from '../view/not-copied.ts';
import { type PackSource, withImage } from './source.ts';

export interface Begun {
  request: EksRequest;
  execution: string;
}

/**
 * What is written here comes before the execution starts: one that runs is never unknown here.
 * @throws UsageError when the name is taken, here or in the stack
 */
export async function beginFromHere(
  cloud: Cloud,
  runs: RunsFolder,
  wanted: Wanted,
  { licence, pack }: { licence: Uint8Array | null; pack: PackSource },
): Promise<Begun> {
  await checkNameOnAws(cloud, wanted.run);
  const held = await runs.create(wanted.run);
  try {
    const { digest, path, leftOut } = await freezeFor(held, wanted);
    sayNotCopied(leftOut);
    const source = await pack(path, wanted);
    const request = withImage({ ...wanted, codeDigest: digest }, cloud, source);
    const { name: stack, region, bucket } = cloud.stack;
    const cluster = request.target.cluster.name;
    writeRemote(held.folder, { stack, region, bucket, cluster, seen: null });
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    const execution = await beginOnAws(cloud, request, { source, licence });
    held.release();
    return { request, execution };
  } catch (error) {
    held.release();
    await runs.remove(wanted.run);
    throw error;
  }
}
