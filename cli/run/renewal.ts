/** `--renew-packages`, where it cannot be. */
import { UsageError } from '../../core/errors/errors.ts';

/** An image is known by what it is made of: the same files are the same image, for everybody who uses the stack. */
export function refuseRenewal({ renewPackages }: { renewPackages?: boolean }): void {
  if (renewPackages)
    throw new UsageError(
      '--renew-packages is for runs on this machine: an image is made of what requirements.txt says',
      {
        hint: 'Write what you want there: the new version, or the commit behind the @ of a git repository.',
      },
    );
}
