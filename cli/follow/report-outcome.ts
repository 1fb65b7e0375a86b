/** Reports how a run ended, and copies its results to the project. */
import { join } from 'node:path';
import { ExitCode, GcdError } from '../../core/errors/errors.ts';
import { formatDollars } from '../../core/format/numbers.ts';
import type { RunStatus } from '../../core/run-store/status/run-status.ts';
import type { CopiedResults, Run, RunEnd } from '../../ports/runs.ts';
import { commandLine } from '../status/words.ts';
import { failureLines } from '../terminal/errors.ts';
import { color } from '../terminal/output.ts';
import { shownPath } from '../terminal/paths.ts';
import { printPerformance, showMissing, showSavedCopy } from '../terminal/results.ts';

export interface ReportOptions {
  json: boolean;
}

/**
 * @returns the exit code
 * @throws the error that made a run in this process fail
 */
export async function reportOutcome(run: Run, end: RunEnd, options: ReportOptions): Promise<ExitCode> {
  const { status, cause } = end;
  if (cause !== undefined) {
    if (status) await reportFailure(run);
    throw cause;
  }
  return status ? reportStatus(run, status, options) : end.outcome.exitCode;
}

/** Of a run that this process could not finish: the error itself is shown where it is caught. */
async function reportFailure(run: Run): Promise<void> {
  // The results cannot be copied either when the disk is full, say.
  const results = await run.copyResults(resultsOf(run)).catch((error) => {
    if (error instanceof GcdError) return undefined;
    throw error;
  });
  const where = results ? `is in ${shownPath(results.folder)}` : 'is kept';
  console.error(`what was done ${where}; when the cause is fixed: ${resumeLine(run)}`);
}

/** Of a run that has ended. @returns the exit code */
export async function reportStatus(run: Run, status: RunStatus, { json }: ReportOptions): Promise<ExitCode> {
  const results = await run.copyResults(resultsOf(run));
  if (results) showMissing(results);
  if (json) printJson(run, status, results);
  else if (results && status.state !== 'failed')
    await printPerformance(await run.store(), (await run.request()).config);
  if (results) {
    console.error(`\nresults in ${shownPath(results.folder)}/: ${results.files.join(', ')}`);
    showSavedCopy(results);
  }
  if (status.dollars !== null) console.error(`cost: about ${formatDollars(status.dollars)}`);
  const errorTable =
    results && join(shownPath(results.folder), (await run.request()).config.fileNames.errorData);
  for (const line of nextSteps(run, status, errorTable)) console.error(line);
  return status.exitCode ?? ExitCode.environment;
}

const resultsOf = ({ project }: Run): string => join(project, 'results');

const resumeLine = ({ name, project }: Run): string => commandLine('resume', name, project);

const unfinishedOf = ({ tasks }: RunStatus): number =>
  Math.max(0, (tasks.total ?? 0) - tasks.succeeded - tasks.failed);

function printJson(run: Run, status: RunStatus, results: CopiedResults | undefined): void {
  const { state, tasks, error } = status;
  const { succeeded, failed } = tasks;
  console.log(
    JSON.stringify({
      ...{ run: run.name, state, succeeded, failed, unfinished: unfinishedOf(status) },
      ...{ dollars: status.dollars, error, folder: results?.folder ?? null, files: results?.files ?? [] },
    }),
  );
}

/** What went wrong, and which command comes next. @param errorTable path of the table of failed tasks */
function nextSteps(run: Run, status: RunStatus, errorTable: string | undefined): string[] {
  const { state, tasks, error } = status;
  const unfinished = unfinishedOf(status);
  const resume = resumeLine(run);
  const lines: string[] = [];
  if (state === 'failed') {
    const [first, ...more] = error ? failureLines(error) : ['the run failed'];
    return [[`${color.red('error:')} ${first}`, ...more].join('\n'), `when the cause is fixed: ${resume}`];
  }
  const wasStopped = state === 'stopped' || state === 'interrupted';
  if (wasStopped && errorTable === undefined)
    lines.push(`what is done is gathered in some minutes: ${commandLine('results', run.name, run.project)}`);
  if (tasks.failed > 0) {
    const why = errorTable === undefined ? '' : `; why: ${errorTable}`;
    lines.push(color.red(`${tasks.failed} failed${why}`));
    if (!wasStopped && unfinished === 0) lines.push(`to run just those again: ${resume} --retry-failed`);
  }
  if (wasStopped || unfinished > 0) lines.push(`${unfinished} not done yet; resume with: ${resume}`);
  return lines;
}
