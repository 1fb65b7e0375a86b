/** What is worth knowing of one run on AWS besides its status. */
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { rateOf } from '../../core/estimate/rate.ts';
import { timeLeftAt } from '../../core/estimate/time-left.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { EksRequest } from '../../core/run-store/request/draft.ts';
import { isResultOf } from '../../core/run-store/result-names.ts';
import { gatheredFailures, named } from '../../core/run-store/status/first-failures.ts';
import type { FailedTask, RunDetails, RunStatus } from '../../core/run-store/status/run-status.ts';
import type { Store } from '../../core/store.ts';
import { readJson } from '../../core/store.ts';
import { editedSince } from '../prepare-run.ts';

const failuresShown = 3;

interface Of {
  request: EksRequest;
  store: Store;
  status: RunStatus;
}

export async function readAwsDetails(runs: RunsFolder, of: Of): Promise<RunDetails> {
  const { live } = of.status;
  return {
    rate: rateOf(of.status),
    timeLeft: await timeLeftOf(of),
    failures: await failuresOf(of),
    results: live?.progress ? null : await resultsOf(of),
    edited: await editedSince(runs, of.request).then(
      ({ length }) => length,
      () => null,
    ),
  };
}

async function timeLeftOf({ request, store, status: { state, live } }: Of): Promise<RunDetails['timeLeft']> {
  if (state !== 'running' || !live?.progress) return null;
  const plan = await readJson<Plan>(store, layout.plan);
  return plan ? timeLeftAt(live, plan, request) : null;
}

async function failuresOf({ store, status: { summary, live } }: Of): Promise<FailedTask[]> {
  if (summary) return gatheredFailures(store, failuresShown);
  const first = live?.progress?.firstFailure;
  return first ? named(store, [first]) : [];
}

async function resultsOf({ request, store, status }: Of): Promise<RunDetails['results']> {
  const files: string[] = [];
  const prefix = layout.result('');
  const isResult = isResultOf(request);
  for await (const { key } of store.list(prefix)) {
    const name = key.slice(prefix.length);
    if (isResult(name)) files.push(name);
  }
  if (files.length === 0) return null;
  const complete = status.history.gathered || status.summary !== undefined;
  return { folder: `${store.location}/results`, files, complete };
}
