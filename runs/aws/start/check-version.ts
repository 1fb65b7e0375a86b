/** Checks that this program's version and the stack's version are compatible (docs/upgrade.md). */

import { version } from '../../../adapters/local/version.ts';
import { InUse, VersionMismatch } from '../../../core/errors/errors.ts';
import { defaultStackName } from '../../../core/stack.ts';
import { fits, isNewer, minorOf } from '../../../core/version.ts';
import type { StackParts } from '../../../ports/account/stack.ts';

/** Arguments of `gcd-sfn deploy` for this stack. */
export const deployArguments = ({ name, region }: Pick<StackParts, 'name' | 'region'>): string =>
  `${name === defaultStackName ? '' : ` --stack ${name}`} --region ${region}`;

/**
 * Called before a run is started, resumed or planned. Any version may list and stop runs and download their results.
 * @throws VersionMismatch; InUse while the stack is being updated
 */
export function checkVersion(stack: StackParts, own: string = version()): void {
  const { name, region } = stack;
  const which = `stack ${name} in ${region}`;
  if (stack.isChanging)
    throw new InUse(`${which} is being updated: a run that starts now could see a half-updated stack`, {
      hint: 'Try again when gcd-sfn deploy has finished, which takes some minutes.',
    });
  if (stack.version !== null && fits(stack.version, own)) return;
  const deploy = `gcd-sfn deploy${deployArguments(stack)}`;
  if (stack.version === null)
    throw new VersionMismatch(`${which} is older than version ${minorOf(own)}, and this is gcd-sfn ${own}`, {
      hint: `Update it: ${deploy}`,
    });
  const its = minorOf(stack.version);
  throw new VersionMismatch(`${which} has version ${stack.version}, and this is gcd-sfn ${own}`, {
    hint: isNewer(stack.version, own)
      ? `Use the stack's version: npm install --global gcd-sfn@${its}, or npx gcd-sfn@${its} instead of gcd-sfn.`
      : `Update the stack: ${deploy}. Or use its version: npx gcd-sfn@${its} instead of gcd-sfn.`,
  });
}

/**
 * A run's image contains the worker of the version that wrote its request.
 * @throws VersionMismatch when that version does not fit this one
 */
export function checkWorker(run: string, requested: string, own: string = version()): void {
  if (fits(requested, own)) return;
  throw new VersionMismatch(
    `run ${run} was started by gcd-sfn ${requested}, whose worker is in its image, and this is ${own}`,
    {
      hint: 'Resume it on the machine that started it, where its image can be rebuilt, or start another run.',
    },
  );
}
