/** Reads options' values. */
import { InvalidArgumentError } from 'commander';

const most = 100_000_000;

/** For a whole number from `least` on, to `greatest`, if that is given. */
export function whole(least: number, greatest?: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= (greatest ?? most)) return value;
    const range = greatest === undefined ? `from ${least} on` : `from ${least} to ${greatest}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}

/** For an option that may be given more than once. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
