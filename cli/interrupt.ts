/** Ctrl-C and its kin. */
import type { RunRequest } from '../ports/request.ts';
import type { LocalRun } from '../walker/local-run.ts';

/**
 * The first signal lets running tasks end, the second ends them. Either way what is done is gathered.
 * @returns a function that stops listening
 */
export function interruptible(run: LocalRun, request: RunRequest, print: (line: string) => void): () => void {
  let count = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    count++;
    if (count === 1 && signal === 'SIGINT') {
      print(`stopping ${request.run}: running tasks end first (Ctrl-C again ends them now)`);
      run.stop('drain');
    } else {
      print(`stopping ${request.run} now`);
      run.stop('now');
    }
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
