/** What is said, and left here, when a run on AWS has ended. */
import type { EksRequest } from '../../cloud/begin.ts';
import type { Look } from '../../cloud/look.ts';
import { ExitCode } from '../../ports/errors.ts';
import { layout } from '../../ports/layout.ts';
import { exists, readAll, type Store } from '../../ports/store.ts';
import { publishResults } from '../../walker/results.ts';
import { commandLine } from '../status/words.ts';
import { color } from '../view/color.ts';
import { neutral } from '../view/neutral.ts';
import { shownPath } from '../view/paths.ts';
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
export async function endRemote(
  store: Store,
  { run, project, config }: EksRequest,
  look: Look,
  { json, to }: EndOptions,
): Promise<ExitCode> {
  const { tasks, state, error } = look;
  const unfinished = Math.max(0, (tasks.total ?? 0) - tasks.succeeded - tasks.failed);
  const isThere = await exists(store, layout.result(config.fileNames.performance));
  const brought = isThere ? await publishResults({ store }, to) : undefined;
  if (json)
    console.log(
      JSON.stringify({
        ...{ run, state, succeeded: tasks.succeeded, failed: tasks.failed, unfinished },
        ...{ dollars: look.dollars, error, folder: brought?.folder ?? null, files: brought?.files ?? [] },
      }),
    );
  else if (brought && state !== 'failed')
    console.log((await readAll(store, layout.result(config.fileNames.performance))).toString().trimEnd());
  const say = (line: string) => console.error(line);
  if (brought) say(`\nresults in ${shownPath(brought.folder)}/: ${brought.files.join(', ')}`);
  if (look.dollars !== null) say(`cost: about ${dollars(look.dollars)}`);
  const resume = commandLine('resume', run, project);
  if (state === 'failed') {
    say(`${color.red('error:')} ${neutral(error ? `${error.name}: ${error.message}` : 'the run failed')}`);
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
