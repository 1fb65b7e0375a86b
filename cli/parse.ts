/** Reads options' values. */
import { InvalidArgumentError } from 'commander';

const most = 100_000_000;

/** For a whole number from `least` on. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} on.`);
  };
}

/** For an option that may be given more than once. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
