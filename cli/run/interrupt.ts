/** Ctrl-C and its kin. */
import { ExitCode } from '../../core/errors/errors.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import type { LocalExecution } from '../../runs/local/execution/local-execution.ts';
import { onSignals } from './signals.ts';
import { endWithStarter } from './starter.ts';

/**
 * The first Ctrl-C lets running tasks end, the second ends them; either way what is done is gathered. A third one
 * ends the command line itself.
 * @returns a function that stops listening
 */
export function interruptible(
  run: LocalExecution,
  request: RunRequest,
  print: (line: string) => void,
): () => void {
  let count = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    count++;
    if (count === 1 && signal === 'SIGINT') {
      const isWorking = (run.progress()?.busy ?? 0) > 0;
      print(
        isWorking
          ? `stopping ${request.run}: running tasks end first (Ctrl-C again ends them now)`
          : `stopping ${request.run}: no task is running`,
      );
      run.stop('drain');
    } else if (count <= 2) {
      print(`stopping ${request.run} now`);
      run.stop('now');
    } else {
      // Whatever is still going on: what is done is on disk, and resume goes on from there.
      process.exit(ExitCode.interrupted);
    }
  };
  const stopListening = onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], onSignal);
  const stopLooking = endWithStarter();
  return () => {
    stopListening();
    stopLooking();
  };
}
