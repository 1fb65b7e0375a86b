/** The request of a run on this machine, with all that one has. */
import type { RunRequest } from '../../../core/run-store/request/request.ts';
import { eksRequest } from '../cloud/run.ts';

export const localRequest = (run: string, more: Partial<RunRequest> = {}): RunRequest => ({
  ...eksRequest(run),
  target: { kind: 'local' },
  ...more,
});
