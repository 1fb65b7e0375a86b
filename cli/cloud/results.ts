/** `gcd-sfn results` for a run on AWS. */
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { NothingToDo } from '../../ports/errors.ts';
import { layout } from '../../ports/layout.ts';
import type { Remote } from '../../ports/remote.ts';
import { exists } from '../../ports/store.ts';
import { rebuildResults } from '../../walker/rebuild-results.ts';
import { publishResults } from '../../walker/results.ts';
import { commandLine } from '../status/words.ts';
import { sayMissing } from '../view/missing-files.ts';
import { shownPath } from '../view/paths.ts';
import { printPerformance } from '../view/performance.ts';
import { type Connect, connect } from './connect.ts';
import { sayWhereSaved } from './end.ts';
import { remember } from './follow.ts';
import { openRun } from './open.ts';

export interface ResultsOfRemote {
  /** Folder. */
  to: string;
  rebuild: boolean;
  json: boolean;
  connectTo?: Connect;
}

/**
 * Brings the files here. Those that AWS has not made, or that are to be made anew, are made on this machine, from what
 * the tasks have left in the bucket.
 * @throws NothingToDo while the run is at work
 */
export async function resultsOfRemote(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  { to, rebuild, json, connectTo = connect }: ResultsOfRemote,
): Promise<void> {
  const { cloud, request, run, folder } = await openRun(runs, name, remote, connectTo);
  const look = await run.look();
  remember(folder, look);
  if (look.state === 'running' || look.state === 'stopping')
    throw new NothingToDo(`run ${name} is at work: it has no results yet`, {
      mend: `Follow it: ${commandLine('watch', name, request.project)}`,
    });
  const { store } = run;
  const performance = layout.result(request.config.fileNames.performance);
  // A part of what is done, when a later execution was ended before it was gathered.
  const isWhole =
    (await exists(store, performance)) && (look.history.gathered || look.state !== 'interrupted');
  const isRebuilt = rebuild || !isWhole;
  if (isRebuilt) await rebuildResults(store, request, true);
  const published = await publishResults({ store }, request, to);
  const { folder: where, files } = published;
  sayMissing(published);
  if (json) console.log(JSON.stringify({ run: name, rebuilt: isRebuilt, folder: where, files }));
  else {
    await printPerformance(store, request.config);
    console.error(
      `\nresults of ${name}${isRebuilt ? ', made anew,' : ''} in ${shownPath(where)}/: ${files.join(', ')}`,
    );
  }
  await sayWhereSaved(cloud, store, request);
}
