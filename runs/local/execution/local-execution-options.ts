/** Options of an execution on this machine. */
import type { LocalEnvironments } from '../../../adapters/local/environments/local-environments.ts';
import type { LockedRun } from '../../../adapters/local/runs/runs-folder.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { RunEvent } from '../../../core/run-store/events/events.ts';
import type { RunRequest } from '../../../core/run-store/request/request.ts';

export interface LocalExecutionOptions {
  request: RunRequest;
  held: LockedRun;
  /** Absolute path of the frozen project. */
  code: string;
  /** Python environments; shared with the check of the project, which has found the interpreter. */
  environments?: LocalEnvironments;
  /** Keys of the user's AWS account, for the user's code; null where there are none. */
  credentials: AwsAccess;
  /** Tasks that failed in earlier executions are run again. */
  retryFailed?: boolean;
  onEvent?: (event: RunEvent) => void;
  /** Lines about what a state is doing, and notices about the environment. */
  onDetail?: (detail: string) => void;
  onNotice?: (notice: string) => void;
  /** Another process requested a stop. */
  onStopRequested?: (how: 'drain' | 'now') => void;
}
