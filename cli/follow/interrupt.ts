/** Ctrl-C, SIGTERM and SIGHUP while a run is followed by the command that started it. */
import { ExitCode } from '../../core/errors/errors.ts';
import type { StartedRun, StopRequested } from '../../ports/runs.ts';
import { onSignals } from './signals.ts';
import { endWithStarter } from './starter.ts';

/**
 * The first Ctrl-C lets running tasks end, the second kills them; either way what is done is gathered. The third ends this
 * process alone. A run in this process also stops at SIGTERM, SIGHUP and the end of npm; a run on AWS goes on then.
 * @returns a function that stops listening
 */
export function stopOnSignals({ run, remote }: StartedRun, print: (line: string) => void): () => void {
  const never = new AbortController().signal;
  let count = 0;
  // One after the other: on AWS a request takes seconds, and the second must not be overwritten by the first.
  let requests = Promise.resolve();
  const request = (how: 'drain' | 'now', onDone: (stop: StopRequested) => void) => {
    requests = requests
      .then(() => run.stop(how, { signal: never, onNotice: print }))
      .then(
        (done) => done && onDone(done),
        (error) => print(`${run.name} cannot be stopped: ${error instanceof Error ? error.message : error}`),
      );
  };
  const drain = () => {
    if (remote)
      print(
        `stopping ${run.name}: running tasks end first (Ctrl-C again stops it now, a third one only leaves)`,
      );
    request('drain', ({ how }) => {
      if (remote && how === 'now') print(`no worker of ${run.name} had started: it is stopped already`);
      if (!remote)
        print(
          how === 'drain'
            ? `stopping ${run.name}: running tasks end first (Ctrl-C again ends them now)`
            : `stopping ${run.name}: no task is running`,
        );
    });
  };
  const stopNow = () => {
    print(
      remote
        ? `stopping ${run.name} now: in some minutes its workers are ended and its results gathered`
        : `stopping ${run.name} now`,
    );
    request('now', () => {});
  };
  const onSignal = (signal: NodeJS.Signals) => {
    count++;
    if (count === 1 && signal === 'SIGINT') drain();
    else if (count <= 2) stopNow();
    // What is done is stored, and resume continues from there.
    else process.exit(ExitCode.interrupted);
  };
  if (remote) return onSignals(['SIGINT'], onSignal);
  const stopListening = onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], onSignal);
  const stopPolling = endWithStarter();
  return () => {
    stopListening();
    stopPolling();
  };
}
