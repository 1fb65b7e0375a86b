/** `start --detach`: hands the run to a process that goes on when this terminal is closed. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { ExitCode } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { exists } from '../../core/store.ts';
import { shellPath, shownPath } from '../view/paths.ts';

const lookMs = 50;

/**
 * Starts the same command again without `--detach`, and returns when its run has begun.
 * @param args of the command line, without `--detach`
 * @returns the exit code: that of the other process when it has ended meanwhile, whose words are then shown
 */
export async function detach(args: string[], project: string, run: string, json: boolean): Promise<ExitCode> {
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
  while (code === undefined && !(await exists(store, layout.plan))) await sleep(lookMs);
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
