/** What is said, and left here, when a run on AWS has ended. */
import type { EksRequest } from '../../cloud/begin.ts';
import type { Look } from '../../cloud/look.ts';
import type { Cloud } from '../../cloud/ports.ts';
import { saveResults } from '../../cloud/saved.ts';
import { ExitCode, GcdError } from '../../ports/errors.ts';
import { layout } from '../../ports/layout.ts';
import { exists, type Store } from '../../ports/store.ts';
import { publishResults } from '../../walker/results.ts';
import { commandLine } from '../status/words.ts';
import { color } from '../view/color.ts';
import { failureLines } from '../view/failure.ts';
import { sayMissing } from '../view/missing-files.ts';
import { shownPath } from '../view/paths.ts';
import { printPerformance } from '../view/performance.ts';
import { dollars } from '../view/units.ts';

export interface EndOptions {
  json: boolean;
  /** Where the result files go. */
  to: string;
}

/** What goes wrong with the copy is told, and is no failure of the run: its results are there. */
export async function sayWhereSaved(cloud: Cloud, store: Store, request: EksRequest): Promise<void> {
  try {
    const place = await saveResults(cloud, store, request);
    if (place !== null) console.error(`and in ${place}/`);
  } catch (error) {
    if (!(error instanceof GcdError)) throw error;
    console.error(`${color.yellow('warning:')} they could not be copied to saved_bucket: ${error.message}`);
    if (error.mend) console.error(`  ${error.mend.replaceAll('\n', '\n  ')}`);
  }
}

/**
 * Brings the result files here and says how it ended.
 * @returns the exit code
 */
export async function endRemote(
  cloud: Cloud,
  store: Store,
  request: EksRequest,
  look: Look,
  { json, to }: EndOptions,
): Promise<ExitCode> {
  const { run, project, config } = request;
  const { tasks, state, error } = look;
  const unfinished = Math.max(0, (tasks.total ?? 0) - tasks.succeeded - tasks.failed);
  const isThere = await exists(store, layout.result(config.fileNames.performance));
  const brought = isThere ? await publishResults({ store }, request, to) : undefined;
  if (brought) sayMissing(brought);
  if (json)
    console.log(
      JSON.stringify({
        ...{ run, state, succeeded: tasks.succeeded, failed: tasks.failed, unfinished },
        ...{ dollars: look.dollars, error, folder: brought?.folder ?? null, files: brought?.files ?? [] },
      }),
    );
  else if (brought && state !== 'failed') await printPerformance(store, config);
  const say = (line: string) => console.error(line);
  if (brought) say(`\nresults in ${shownPath(brought.folder)}/: ${brought.files.join(', ')}`);
  if (brought) await sayWhereSaved(cloud, store, request);
  if (look.dollars !== null) say(`cost: about ${dollars(look.dollars)}`);
  const resume = commandLine('resume', run, project);
  if (state === 'failed') {
    const [first, ...more] = error ? failureLines(error) : ['the run failed'];
    say([`${color.red('error:')} ${first}`, ...more].join('\n'));
    say(`when the cause is mended: ${resume}`);
  } else if (state === 'stopped' || state === 'interrupted') {
    if (!brought) say(`what is done is gathered in some minutes: ${commandLine('results', run, project)}`);
    say(`${unfinished} not done yet; go on with: ${resume}`);
  } else if (tasks.failed > 0) {
    const why = brought ? `; why: ${shownPath(brought.folder)}/${config.fileNames.errorData}` : '';
    say(color.red(`${tasks.failed} failed${why}`));
    if (unfinished === 0) say(`to run just those again: ${resume} --retry-failed`);
  }
  if (state === 'done' && unfinished > 0) say(`${unfinished} not done yet; go on with: ${resume}`);
  return (look.exitCode ?? ExitCode.environment) as ExitCode;
}
