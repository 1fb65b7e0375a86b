/** `--detach`: leaves a run to itself, and says how to come back to it. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../../adapters/local/store/folder-store.ts';
import { ExitCode } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { exists } from '../../../core/store.ts';
import type { StartedRun } from '../../../ports/runs.ts';
import { commandLine } from '../../status/words.ts';
import { shellPath, shownPath } from '../../terminal/paths.ts';

const pollMs = 50;

/** @returns the exit code */
export function detachedFromAws({ run, remote }: StartedRun, json: boolean): ExitCode {
  if (!remote) throw new Error('the run works in this process');
  const { execution, stack, region } = remote;
  const { name, project } = run;
  if (json) console.log(JSON.stringify({ run: name, execution, stack, region }));
  else {
    console.error(`run ${name} goes on on AWS, execution ${execution}`);
    console.error(`  ${commandLine('watch', name, project)}    follow it`);
    console.error(`  ${commandLine('stop', name, project)}     stop it`);
    console.error(`  ${commandLine('results', name, project)}  copy its results here when it has ended`);
  }
  return ExitCode.done;
}

/**
 * Starts the same command in a background process, and returns when its run is planned.
 * @param args of the command line, without `--detach` and `--name`
 * @returns the exit code: that of the background process if it has ended, whose output is then shown
 */
export async function detachLocal(
  args: string[],
  { project, run, json }: { project: string; run: string; json: boolean },
): Promise<ExitCode> {
  const runs = new RunsFolder(project);
  runs.checkName(run);
  const log = join(project, '.gcd', `${run}.out`);
  runs.makePrivate();
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, [process.argv[1] as string, ...args, '--name', run], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? ExitCode.environment));
  });
  const store = new FolderStore(runs.folderOf(run));
  let code: number | undefined;
  void ended.then((its) => (code = its));
  while (code === undefined && !(await exists(store, layout.plan))) await sleep(pollMs);
  if (code !== undefined) {
    process.stderr.write(readFileSync(log));
    rmSync(log);
    removeEmpty(dirname(log));
    return code as ExitCode;
  }
  child.unref();
  if (json) console.log(JSON.stringify({ run, pid: child.pid, output: log }));
  else {
    const where = `${run} --project ${shellPath(project)}`;
    console.error(`run ${run} goes on in the background, process ${child.pid}`);
    console.error(`  gcd-sfn watch ${where}    follow it`);
    console.error(`  gcd-sfn stop ${where}     stop it`);
    console.error(`  what it prints is in ${shownPath(log)}`);
  }
  return ExitCode.done;
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It has other runs.
  }
}
