/** Follows a run to its end: live view, Ctrl-C, result files, exit code. */
import type { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { awsSettings } from '../../core/config/dotenv.ts';
import { ExitCode, GcdError } from '../../core/errors/errors.ts';
import type { RunEvent } from '../../core/run-store/events/events.ts';
import { layout } from '../../core/run-store/layout.ts';
import { readDone } from '../../core/run-store/records/parts.ts';
import { exists } from '../../core/store.ts';
import type { PreparedRun } from '../../runs/begin-run.ts';
import { LocalExecution, type LocalOutcome } from '../../runs/local/execution/local-execution.ts';
import { publishResults, readPlan } from '../../runs/publish-results.ts';
import { doing } from '../status/states.ts';
import { color } from '../view/color.ts';
import { showMissing } from '../view/fetched.ts';
import { LiveView } from '../view/follow.ts';
import { shellPath, shownPath } from '../view/paths.ts';
import { printPerformance } from '../view/performance.ts';
import { showPlan } from '../view/plan.ts';
import { workOf } from '../view/work.ts';
import { interruptible } from './interrupt.ts';

export interface RunToEndOptions {
  /** The outcome is printed as JSON. */
  json: boolean;
  /** Tasks that failed in earlier executions are run again. */
  retryFailed?: boolean;
  runs: RunsFolder;
  environments: LocalEnvironments;
}

/**
 * @returns the exit code
 * @throws what made the run fail, after what is done has been gathered; a run that never began leaves nothing
 */
export async function runToEnd(
  begun: PreparedRun,
  { json, retryFailed = false, runs, environments }: RunToEndOptions,
): Promise<ExitCode> {
  const { request, held } = begun;
  const view = new LiveView();
  const run = new LocalExecution({
    ...begun,
    environments,
    retryFailed,
    credentials: await awsSettings(process.cwd()),
    onEvent: (event) => void onEvent(event),
    onDetail: (detail) => view.setDetail(detail),
    onNotice: (notice) => view.print(notice),
    onStopAsked: (how) =>
      view.print(
        how === 'now' ? 'asked to stop now' : 'asked to stop: running tasks end first, nothing else begins',
      ),
  });
  const onEvent = async (event: RunEvent) => {
    if (event.event === 'state-entered') view.setState(doing(event.state));
    if (event.event !== 'state-entered' || event.state !== 'StartWorkers') return;
    const plan = await readPlan(held);
    showPlan(plan, request, (line) => view.print(line), shownPath(held.store.path(layout.skipped)));
    view.follow({ ...workOf(plan, request, held.store), progress: () => run.progress() });
  };
  const stopListening = interruptible(run, request, (line) => {
    view.setNote('stopping');
    view.print(line);
  });
  view.start();
  try {
    const outcome = await run.execute();
    await view.stop();
    const code = await showOutcome(begun, outcome, json);
    if (!outcome.interrupted) await environments.tidy();
    return code;
  } catch (error) {
    await view.stop();
    if (error instanceof GcdError && !(await hasRecords(begun))) {
      // Nothing was done, and nothing is left behind.
      held.release();
      await runs.remove(request.run);
    } else {
      const folder = await publishedAfter(begun);
      const where = folder === undefined ? 'is kept' : `is in ${shownPath(folder)}`;
      console.error(`what was done ${where}; when the cause is mended: ${resumeLine(begun)}`);
    }
    throw error;
  } finally {
    stopListening();
    held.release();
  }
}

/** The folder of what a failed run has gathered; undefined when it has not, or the files cannot be written, as on a full disk. */
async function publishedAfter({ held, request }: PreparedRun): Promise<string | undefined> {
  if (!(await exists(held.store, layout.summary))) return undefined;
  try {
    return (await publishResults(held, request)).folder;
  } catch (error) {
    if (error instanceof GcdError) return undefined;
    throw error;
  }
}

async function showOutcome(begun: PreparedRun, outcome: LocalOutcome, json: boolean): Promise<ExitCode> {
  const { request, held } = begun;
  const published = await publishResults(held, request);
  const { folder, files, outputs } = published;
  showMissing({ missing: outputs.missing.map(({ path }) => path) });
  const { succeeded, failed, unfinished, interrupted } = outcome;
  if (json) console.log(JSON.stringify({ run: request.run, succeeded, failed, unfinished, folder, files }));
  else await printPerformance(held.store, request.config);
  const where = shownPath(folder);
  console.error(`\nresults in ${where}/: ${files.join(', ')}`);
  if (failed > 0) {
    console.error(color.red(`${failed} failed; why: ${where}/${request.config.fileNames.errorData}`));
    if (!interrupted && unfinished === 0)
      console.error(`to run just those again: ${resumeLine(begun)} --retry-failed`);
  }
  if (interrupted || unfinished > 0)
    console.error(`${unfinished} not done yet; go on with: ${resumeLine(begun)}`);
  if (interrupted) return ExitCode.interrupted;
  return failed > 0 || unfinished > 0 ? ExitCode.tasksFailed : ExitCode.done;
}

function resumeLine({ request }: Pick<PreparedRun, 'request'>): string {
  return `gcd-sfn resume ${request.run} --project ${shellPath(request.project)}`;
}

async function hasRecords({ held }: PreparedRun): Promise<boolean> {
  const { succeeded, failed } = await readDone(held.store, 1);
  return succeeded + failed > 0;
}
