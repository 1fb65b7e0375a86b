/** What is said, and left here, when a run on AWS has ended. */
import { ExitCode } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { RunStatus } from '../../core/run-store/status/run-status.ts';
import { exists } from '../../core/store.ts';
import type { AwsRun } from '../../runs/aws/aws-run.ts';
import { commandLine } from '../status/words.ts';
import { color } from '../view/color.ts';
import { failureLines } from '../view/failure.ts';
import { showMissing, showSavedCopy } from '../view/fetched.ts';
import { shownPath } from '../view/paths.ts';
import { printPerformance } from '../view/performance.ts';
import { dollars } from '../view/units.ts';

export interface EndOptions {
  json: boolean;
  /** Where the result files go. */
  to: string;
}

/**
 * Brings the result files here and says how it ended.
 * @returns the exit code
 */
export async function endRemote(run: AwsRun, status: RunStatus, { json, to }: EndOptions): Promise<ExitCode> {
  const { name, project } = run;
  const { config } = await run.request();
  const store = await run.store();
  const { tasks, state, error } = status;
  const unfinished = Math.max(0, (tasks.total ?? 0) - tasks.succeeded - tasks.failed);
  const isThere = await exists(store, layout.result(config.fileNames.performance));
  const fetched = isThere ? await run.fetchResults(to) : undefined;
  if (fetched) showMissing(fetched);
  if (json)
    console.log(
      JSON.stringify({
        ...{ run: name, state, succeeded: tasks.succeeded, failed: tasks.failed, unfinished },
        ...{ dollars: status.dollars, error, folder: fetched?.folder ?? null, files: fetched?.files ?? [] },
      }),
    );
  else if (fetched && state !== 'failed') await printPerformance(store, config);
  const say = (line: string) => console.error(line);
  if (fetched) say(`\nresults in ${shownPath(fetched.folder)}/: ${fetched.files.join(', ')}`);
  if (fetched) showSavedCopy(fetched);
  if (status.dollars !== null) say(`cost: about ${dollars(status.dollars)}`);
  const resume = commandLine('resume', name, project);
  if (state === 'failed') {
    const [first, ...more] = error ? failureLines(error) : ['the run failed'];
    say([`${color.red('error:')} ${first}`, ...more].join('\n'));
    say(`when the cause is mended: ${resume}`);
  } else if (state === 'stopped' || state === 'interrupted') {
    if (!fetched) say(`what is done is gathered in some minutes: ${commandLine('results', name, project)}`);
    say(`${unfinished} not done yet; go on with: ${resume}`);
  } else if (tasks.failed > 0) {
    const why = fetched ? `; why: ${shownPath(fetched.folder)}/${config.fileNames.errorData}` : '';
    say(color.red(`${tasks.failed} failed${why}`));
    if (unfinished === 0) say(`to run just those again: ${resume} --retry-failed`);
  }
  if (state === 'done' && unfinished > 0) say(`${unfinished} not done yet; go on with: ${resume}`);
  return status.exitCode ?? ExitCode.environment;
}
