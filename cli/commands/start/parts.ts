/** What `start` and `resume` use besides their options; tests put others in. */
import type { Config } from '../../../core/config/config.ts';
import type { StartReport } from '../../../ports/runs.ts';
import type { ProjectRunsOptions } from '../../../runs/project-runs.ts';
import type { Asking } from '../../aws/confirm.ts';
import { showLeftOutOfCode } from '../../terminal/plan.ts';
import { showCodeTaken } from './show-code-taken.ts';

export interface StartParts {
  /** The account on AWS. */
  services?: Partial<ProjectRunsOptions>;
  /** Default: the terminal. */
  asking?: Asking;
  /** Checks entrypoint.py before a run on AWS. */
  check?: (project: string) => Promise<void>;
}

/** Prints to standard error. */
export const startReport = (config: Pick<Config, 'solverLicenceFile'>): StartReport => ({
  onUnreadable: showLeftOutOfCode,
  onPacked: (code) => showCodeTaken(code, config),
  onNotice: (line) => console.error(line),
});
