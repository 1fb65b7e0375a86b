/** Ctrl-C while a run on AWS is followed by whom has begun it. */

import { ExitCode } from '../../core/errors/errors.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { stopOnAws } from '../../runs/aws/stop.ts';
import { onSignals } from '../run/signals.ts';

/**
 * The first asks the workers to end what they are at, or stops the execution where none has started; the second stops
 * the execution. Either way what is done is gathered on AWS. A third one ends the command line alone.
 * @returns a function that stops listening
 */
export function interruptibleOnAws(cloud: Cloud, run: string, print: (line: string) => void): () => void {
  let count = 0;
  // One after the other: the first must not be written over the second.
  let told = Promise.resolve();
  const wish = (how: 'drain' | 'now') => {
    told = told
      .then(() => stopOnAws(cloud, run, how))
      .then(
        (done) => {
          if (how === 'drain' && done === 'now')
            print(`no worker of ${run} had started: it is stopped already`);
        },
        (error) =>
          print(`${run} could not be told to stop: ${error instanceof Error ? error.message : error}`),
      );
  };
  const onSignal = () => {
    count++;
    if (count === 1) {
      print(
        `asking ${run} to stop: running tasks end first, nothing else begins (Ctrl-C again stops it now, a third one only leaves)`,
      );
      wish('drain');
    } else if (count === 2) {
      print(`stopping ${run} now; its workers are ended, and what is done is gathered, in some minutes`);
      wish('now');
    } else process.exit(ExitCode.interrupted);
  };
  return onSignals(['SIGINT'], onSignal);
}
