/** The first stage: says where a run's things are and how often every task is to be run. */
import { layout } from '../../ports/layout.ts';
import type { RunRequest } from '../../ports/request.ts';

/** The state that the machine carries on: the input of the states that follow. */
export interface RunState {
  run: string;
  store: { bucket: string; batches: string; mapOutput: string };
  repetition: number;
  repetitions: number;
}

/** @param place bucket and prefix of the run's store, as an ItemReader names them */
export function validate(
  { run, repetitions }: RunRequest,
  place: { bucket: string; prefix: string },
): RunState {
  return {
    run,
    store: {
      bucket: place.bucket,
      batches: `${place.prefix}${layout.batches}`,
      mapOutput: `${place.prefix}map-output`,
    },
    repetition: 1,
    repetitions,
  };
}
