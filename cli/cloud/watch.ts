/** `gcd-sfn watch` for a run on AWS. */
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { ExitCode } from '../../ports/errors.ts';
import type { Remote } from '../../ports/remote.ts';
import { commandLine } from '../status/words.ts';
import { untilInterrupted } from '../watch/leave.ts';
import { type Connect, connect } from './connect.ts';
import { showRemote } from './follow.ts';
import { openRun } from './open.ts';
import { printStatus } from './status.ts';

/** Ctrl-C ends the watching alone. @returns the run's exit code */
export async function watchRemote(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  { json, seconds, connectTo = connect }: { json: boolean; seconds?: number; connectTo?: Connect },
): Promise<ExitCode> {
  const { run, request, folder } = await openRun(runs, name, remote, connectTo);
  console.error(`run ${name} on AWS, stack ${remote.stack} in ${remote.region}`);
  const look = await untilInterrupted((signal) =>
    showRemote(run, request, { signal, folder, ...(seconds !== undefined && { seconds }) }),
  );
  if (!look) {
    console.error(`the run goes on; watch it again with: ${commandLine('watch', name, request.project)}`);
    return ExitCode.interrupted;
  }
  await printStatus(runs, request, run.store, look, { json, remote });
  return (look.exitCode ?? ExitCode.environment) as ExitCode;
}
