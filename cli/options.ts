/** Reads options' values. */
import { type Command, InvalidArgumentError } from 'commander';

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

const units = { m: 60, h: 3600 } as const;

/** For a duration such as `90m` or `4h`, in seconds. @param least as it is written, like `greatest` */
export function duration(least: string, greatest: string): (text: string) => number {
  const read = (text: string): number => {
    const [, number = '', unit = ''] = /^(\d{1,4})([mh])$/.exec(text) ?? [];
    return number === '' ? Number.NaN : Number(number) * units[unit as keyof typeof units];
  };
  return (text) => {
    const value = read(text);
    if (value >= read(least) && value <= read(greatest)) return value;
    throw new InvalidArgumentError(`It must be such as 90m or 4h, from ${least} to ${greatest}.`);
  };
}

/** Options for the stack, of commands that have a project, whose files may name a region; loads nothing about AWS. */
export function projectStackOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'the stack on AWS; default: what GCD_STACK says, else gcd-sfn')
    .option(
      '--region <region>',
      'the AWS region; default: that of cluster.yaml, config.yaml or your environment',
    );
}
