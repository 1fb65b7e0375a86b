/** Follows a run that this command has started to its end: live view, Ctrl-C, result files, exit code. */
import type { ExitCode } from '../../core/errors/errors.ts';
import type { StartedRun } from '../../ports/runs.ts';
import { followRun } from './follow-run.ts';
import { stopOnSignals } from './interrupt.ts';
import { reportOutcome } from './report-outcome.ts';

/**
 * @returns the exit code
 * @throws what made a run in this process fail, after what is done was gathered
 */
export async function runToEnd(started: StartedRun, { json }: { json: boolean }): Promise<ExitCode> {
  const { run, remote } = started;
  if (remote) console.error(`execution ${remote.execution}: ${remote.console}`);
  let stopListening = () => {};
  try {
    const end = await followRun(run, {
      onPrint: (print) => {
        stopListening = stopOnSignals(started, print);
      },
    });
    return await reportOutcome(run, end, { json });
  } finally {
    stopListening();
    await started.close();
  }
}
