/** How much memory V8 takes for itself. */
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation from growing: what a run makes is short-lived and collected as fast in a small one, and
 * the memory is the user's code's. Without it, planning a million tasks peaks a third higher.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
