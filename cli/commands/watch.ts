/** `gcd-sfn watch`: follows a run that another terminal works on. */
import type { Command } from 'commander';
import { readRemote } from '../../adapters/local/runs/remote-file.ts';
import { ExitCode } from '../../ports/errors.ts';
import { nameOfRun } from '../../walker/find-runs.ts';
import { isAtWork, quick, readRunStatus } from '../../walker/run-status.ts';
import { projectAndRuns } from '../status/project.ts';
import { commandLine, stateWords } from '../status/words.ts';
import { followRun } from '../watch/follow-run.ts';
import { untilInterrupted } from '../watch/leave.ts';
import { showEnd, showStatus } from '../watch/show-end.ts';

interface WatchOptions {
  project: string;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn watch --project my-project                  the newest run that is at work, or else the newest
  $ gcd-sfn watch calm-owls-sing --project my-project   the run of that name
  $ gcd-sfn watch -p my-project && gcd-sfn results -p my-project -o final

Ctrl-C ends the watching; the run goes on.
Exit code: the run's own (0 done, 1 some tasks failed or are not done, 2 wrong input, 3 environment trouble, 130
interrupted, also when its process was killed), or 130 when the watching was ended before the run.`;

export function define(command: Command): void {
  command
    .argument('[run]', "the run's name; default: the newest that is at work, or else the newest")
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('--json', "print the run's status as JSON when it has ended")
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: WatchOptions) => watch(run, options));
}

async function watch(name: string | undefined, options: WatchOptions): Promise<void> {
  const { project, runs } = await projectAndRuns(options.project);
  const shown = { project, runs, json: options.json ?? false };
  const run = await nameOfRun(runs, name);
  const remote = readRemote(runs.folderOf(run));
  if (remote) {
    const { watchRemote } = await import('../cloud/watch.ts');
    process.exitCode = await watchRemote(runs, run, remote, { json: shown.json });
    return;
  }
  const status = await readRunStatus(runs, run, quick());
  if (!isAtWork(status)) {
    console.error(`run ${run} is not at work`);
    await showStatus(shown, run);
    process.exitCode = status.exitCode ?? ExitCode.environment;
    return;
  }
  const { owner } = status;
  console.error(`run ${run}: ${stateWords(status)}${owner ? `, process ${owner.pid} on ${owner.host}` : ''}`);
  const history = await untilInterrupted((signal) => followRun(runs, run, { signal }));
  if (history) {
    const { state, exitCode } = await showEnd(shown, run, history);
    if (state === 'interrupted')
      console.error(`its process has died; go on with: ${commandLine('resume', run, project)}`);
    process.exitCode = exitCode;
    return;
  }
  console.error(`the run goes on; watch it again with: ${commandLine('watch', run, project)}`);
  process.exitCode = ExitCode.interrupted;
}
