/** `gcd-sfn resume` for a run on AWS. */
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { type EksRequest, resumeOnAws } from '../../cloud/begin.ts';
import type { ExitCode } from '../../ports/errors.ts';
import { layout } from '../../ports/layout.ts';
import type { Remote } from '../../ports/remote.ts';
import { takeUpRun } from '../../walker/begin-run.ts';
import { type CodeOptions, codeChoice } from '../code-choice.ts';
import { licenceOf } from './asked.ts';
import { type Connect, connect } from './connect.ts';
import { pack } from './pack.ts';
import { type PackSource, withImage } from './source.ts';
import { followToEnd } from './start.ts';

export interface ResumeOnAws extends CodeOptions {
  retryFailed?: boolean;
  json?: boolean;
}

export interface ResumeParts {
  connect: Connect;
  pack: PackSource;
  /** Between two looks. */
  seconds?: number;
}

/** @throws RunLocked when an execution of the run is going on */
export async function resumeRemote(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  options: ResumeOnAws,
  parts: ResumeParts = { connect, pack },
): Promise<ExitCode> {
  const cloud = await parts.connect({ stack: remote.stack, region: remote.region });
  const { request: taken, held, code } = await takeUpRun(runs, name, codeChoice(options));
  let request = taken as EksRequest;
  let execution: string;
  try {
    const source = await parts.pack(code, request);
    const isEdited = source.digest !== request.target.image.digest;
    if (isEdited) {
      request = withImage(request, cloud, source);
      await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    }
    const licence = await licenceOf(request.config);
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
  console.error(`run ${name} goes on`);
  return followToEnd(cloud, runs, { request, execution }, { json: options.json ?? false, ...parts });
}
