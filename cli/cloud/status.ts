/** The status of a run on AWS, in the shape and words of any run's. */
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import type { EksRequest } from '../../cloud/begin.ts';
import type { Look } from '../../cloud/look.ts';
import { gatheredFailures, named } from '../../functions/status/first-failures.ts';
import type { ExitCode } from '../../ports/errors.ts';
import { layout } from '../../ports/layout.ts';
import type { Remote } from '../../ports/remote.ts';
import { isResultOf } from '../../ports/result-names.ts';
import type { Store } from '../../ports/store.ts';
import { editedSince } from '../../walker/begin-run.ts';
import type { RunDetails } from '../../walker/run-details.ts';
import type { RunStatus } from '../../walker/run-status.ts';
import { detailLines } from '../status/details.ts';
import { detailsJson } from '../status/json.ts';
import { dollars } from '../view/units.ts';
import { type Connect, connect } from './connect.ts';
import { remember } from './follow.ts';
import { openRun } from './open.ts';

const failuresShown = 3;

/** Looks at the run and prints how it is. */
export async function statusOfRemote(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  { json, connectTo = connect }: { json: boolean; connectTo?: Connect },
): Promise<void> {
  const { run, request, folder } = await openRun(runs, name, remote, connectTo);
  const look = await run.look();
  remember(folder, look);
  await printStatus(runs, request, run.store, look, { json, remote });
}

export async function printStatus(
  runs: RunsFolder,
  request: EksRequest,
  store: Store,
  look: Look,
  { json, remote }: { json: boolean; remote: Remote },
): Promise<void> {
  const status = statusOf(runs, request, look, remote);
  const details = await detailsOf(runs, request, store, look);
  const context = { project: request.project, now: look.at };
  if (json) {
    const { stack, region, bucket } = remote;
    const aws = { stack, region, bucket, execution: look.execution, dollars: look.dollars };
    console.log(JSON.stringify({ ...detailsJson(status, details, context), aws }, undefined, 2));
    return;
  }
  for (const line of detailLines(status, details, context)) console.log(line);
  const { execution } = look;
  const where = [`stack ${remote.stack} in ${remote.region}`, `cluster ${request.target.cluster.name}`];
  console.log(`aws        ${[...where, ...(execution ? [`execution ${execution}`] : [])].join(', ')}`);
  if (look.dollars !== null) console.log(`cost       about ${dollars(look.dollars)}`);
}

function statusOf(runs: RunsFolder, request: EksRequest, look: Look, remote: Remote): RunStatus {
  const { run } = request;
  const { state, exitCode, error, history, tasks, detail, progress } = look;
  const isLive = state === 'running' || state === 'stopping';
  return {
    ...{ run, state, error, request, history, tasks, remote },
    folder: runs.folderOf(run),
    exitCode: exitCode as ExitCode | null,
    owner: undefined,
    elsewhere: false,
    live: isLive
      ? { at: look.at, pid: 0, hostname: 'AWS', state: history.state, detail, progress, workers: [] }
      : undefined,
    summary: look.summary ?? undefined,
    seconds: history.secondsAtWork(isLive ? look.at : undefined),
  };
}

async function detailsOf(
  runs: RunsFolder,
  request: EksRequest,
  store: Store,
  { summary, progress, tasks, history, at }: Look,
): Promise<RunDetails> {
  const since = history.handedOutAt;
  const ended = tasks.succeeded + tasks.failed;
  const rate = progress && since !== undefined && at > since && ended > 0 ? ended / (at - since) : null;
  const left = (tasks.total ?? 0) - ended;
  const first = progress?.firstFailure;
  const files: string[] = [];
  const prefix = layout.result('');
  const isResult = isResultOf(request);
  if (!progress)
    for await (const { key } of store.list(prefix)) {
      const name = key.slice(prefix.length);
      if (isResult(name)) files.push(name);
    }
  return {
    rate,
    secondsLeft: rate !== null && left > 0 ? left / rate : null,
    failures: summary
      ? await gatheredFailures(store, failuresShown)
      : first
        ? await named(store, [first])
        : [],
    results:
      files.length > 0
        ? { folder: `${store.location}/results`, files, complete: history.gathered || summary !== null }
        : null,
    edited: await editedSince(runs, request).then(
      ({ length }) => length,
      () => null,
    ),
  };
}
