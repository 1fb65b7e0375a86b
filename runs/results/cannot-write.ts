import { GcdError, Unreachable } from '../../core/errors/errors.ts';

/**
 * An error of the file system, such as a full disk, in words.
 * @param what was written, in the plural @param to absolute path of the folder
 * @returns the same error when it is not one of the file system
 */
export function cannotWrite(what: string, to: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof GcdError) return error;
  return new Unreachable(`${what} cannot be written to ${to}: ${message}`, {
    hint: 'Free some space or repair the disk, then run `gcd-sfn results`: nothing is lost.',
    cause: error,
  });
}
