/** A run's request, its image's worker and the functions belong together. */
import { VersionMismatch } from '../../core/errors/errors.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { fits } from '../../core/version.ts';

/**
 * A schedule may begin runs long after the stack has gone on to another version.
 * @param own the version of the stack
 * @throws VersionMismatch
 */
export function checkRequested({ run, version }: Pick<RunRequest, 'run' | 'version'>, own: string): void {
  if (fits(version, own)) return;
  throw new VersionMismatch(
    `run ${run} was asked for by gcd-sfn ${version}, and the stack is of version ${own}`,
    {
      hint: 'Start another run; a schedule makes such runs until it is made anew: gcd-sfn schedule delete, gcd-sfn schedule create.',
    },
  );
}
