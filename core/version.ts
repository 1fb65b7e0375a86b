import { VersionMismatch } from './errors/errors.ts';
import type { RunRequest } from './run-store/request/request.ts';

/** Versions of gcd-sfn: major.minor.patch. Versions with the same major.minor work with each other. */

const parts = (version: string): [number, number, number] => {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)];
};

/** `0.4` of `0.4.2`. */
export const minorOf = (version: string): string => parts(version).slice(0, 2).join('.');

/** Whether a program and a stack of these versions work with each other. */
export const fits = (one: string, other: string): boolean => minorOf(one) === minorOf(other);

/** Whether the first is newer than the second; a prerelease (`-beta.1`) counts as the release. */
export function isNewer(one: string, other: string): boolean {
  const [mine, its] = [parts(one), parts(other)];
  const place = mine.findIndex((part, at) => part !== its[at]);
  return place !== -1 && mine[place]! > its[place]!;
}

/**
 * Refuses a request of another version: a schedule may start runs long after the stack was upgraded.
 * @param own the version of the stack
 * @throws VersionMismatch
 */
export function checkRequested({ run, version }: Pick<RunRequest, 'run' | 'version'>, own: string): void {
  if (fits(version, own)) return;
  throw new VersionMismatch(
    `run ${run} was requested by gcd-sfn ${version}, and the stack has version ${own}`,
    {
      hint: 'Start another run. Recreate a schedule: gcd-sfn schedule delete, gcd-sfn schedule create.',
    },
  );
}
