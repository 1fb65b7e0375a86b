/** `gcd-sfn stop` for a run on AWS. */
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { stopOnAws } from '../../cloud/stop.ts';
import { ExitCode } from '../../ports/errors.ts';
import type { Remote } from '../../ports/remote.ts';
import { commandLine } from '../status/words.ts';
import { untilInterrupted } from '../watch/leave.ts';
import { type Connect, connect } from './connect.ts';
import { showRemote } from './follow.ts';
import { openRun } from './open.ts';
import { printStatus } from './status.ts';

export interface StopRemoteOptions {
  now: boolean;
  wait: boolean;
  json: boolean;
  seconds?: number;
  connectTo?: Connect;
}

/** Asks, and waits until the execution has ended unless told not to. */
export async function stopRemote(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  { now, wait, json, seconds, connectTo = connect }: StopRemoteOptions,
): Promise<ExitCode> {
  const { cloud, run, request, folder } = await openRun(runs, name, remote, connectTo);
  const done = await stopOnAws(cloud, name, now ? 'now' : 'drain');
  if (!done) {
    console.error(`run ${name} is not at work: there is nothing to stop`);
    if (json) await printStatus(runs, request, run.store, await run.look(), { json, remote });
    return ExitCode.done;
  }
  const why = now ? '' : ', because no worker was ready';
  console.error(
    done === 'now'
      ? `stopped ${name}${why}: its workers are ended, its nodes given back and what is done gathered in some minutes`
      : `asked ${name} to stop: running tasks end first, nothing else begins (--now ends them)`,
  );
  if (done === 'now' && request.target.cleanUp) {
    const { name: cluster } = request.target.cluster;
    console.error(`cluster ${cluster} stays: gcd-sfn cleanup --cluster ${cluster} removes it`);
  }
  if (!wait) {
    if (json) console.log(JSON.stringify({ run: name, asked: done }));
    return ExitCode.done;
  }
  const look = await untilInterrupted((signal) =>
    showRemote(run, request, { signal, folder, ...(seconds !== undefined && { seconds }) }),
  );
  if (!look) {
    console.error(
      `the run stops all the same; see how it is: ${commandLine('status', name, request.project)}`,
    );
    return ExitCode.interrupted;
  }
  await printStatus(runs, request, run.store, look, { json, remote });
  return ExitCode.done;
}
