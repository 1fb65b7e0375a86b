/** Whether this program and the stack are of versions that work with each other (docs/upgrade.md). */

import { version } from '../../adapters/local/version.ts';
import { InUse, VersionMismatch } from '../../core/errors/errors.ts';
import { fits, isNewer, minorOf } from '../../core/version.ts';
import { defaultStackName, type StackParts } from '../../ports/account/stack.ts';

/** What comes behind `gcd-sfn deploy` for this stack. */
export const stackOptions = ({ name, region }: Pick<StackParts, 'name' | 'region'>): string =>
  `${name === defaultStackName ? '' : ` --stack ${name}`} --region ${region}`;

/**
 * Before a run is begun, resumed or planned; to look at runs, to stop them and to bring their results any version will do.
 * @throws VersionMismatch; InUse while the stack is being changed
 */
export function checkVersion(stack: StackParts, own: string = version()): void {
  const { name, region } = stack;
  const which = `stack ${name} in ${region}`;
  if (stack.isChanging)
    throw new InUse(`${which} is being changed: a run that begins now could meet half of it`, {
      hint: 'Try again when gcd-sfn deploy is through, which takes some minutes.',
    });
  if (stack.version !== null && fits(stack.version, own)) return;
  const deploy = `gcd-sfn deploy${stackOptions(stack)}`;
  if (stack.version === null)
    throw new VersionMismatch(
      `${which} was made before version ${minorOf(own)}, and this is gcd-sfn ${own}`,
      {
        hint: `Bring it up to date: ${deploy}`,
      },
    );
  const its = minorOf(stack.version);
  throw new VersionMismatch(`${which} is of version ${stack.version}, and this is gcd-sfn ${own}`, {
    hint: isNewer(stack.version, own)
      ? `Take the version of the stack: npm install --global gcd-sfn@${its}, or npx gcd-sfn@${its} in the place of gcd-sfn.`
      : `Bring the stack up to date: ${deploy}. Or take its version: npx gcd-sfn@${its} in the place of gcd-sfn.`,
  });
}

/**
 * An image has the worker of the version that made the request.
 * @throws VersionMismatch when it is another than the stack's
 */
export function checkWorker(run: string, requested: string, own: string = version()): void {
  if (fits(requested, own)) return;
  throw new VersionMismatch(
    `run ${run} was begun by gcd-sfn ${requested}, whose worker its image has, and this is ${own}`,
    {
      hint: 'Go on with it on the machine that began it, where its image can be made anew, or start another run.',
    },
  );
}
