/** Parsers of option values, and the options of several commands. */
import { type Command, InvalidArgumentError } from 'commander';

const defaultMax = 100_000_000;

/** Parser of a whole number from `min` to `max`. */
export function whole(min: number, max?: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= (max ?? defaultMax)) return value;
    const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}

/** Parser of a repeatable option. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

const units = { m: 60, h: 3600 } as const;

/** Parser of a duration such as `90m` or `4h`, in seconds. @param min a duration, like `max` */
export function duration(min: string, max: string): (text: string) => number {
  const read = (text: string): number => {
    const [, number = '', unit = ''] = /^(\d{1,4})([mh])$/.exec(text) ?? [];
    return number === '' ? Number.NaN : Number(number) * units[unit as keyof typeof units];
  };
  return (text) => {
    const value = read(text);
    if (value >= read(min) && value <= read(max)) return value;
    throw new InvalidArgumentError(`It must be a duration such as 90m or 4h, from ${min} to ${max}.`);
  };
}

/** `--stack` and `--region` of commands that have a project, whose files may name a region. Loads nothing of AWS. */
export function projectStackOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'name of the stack; default: GCD_STACK, else gcd-sfn')
    .option(
      '--region <region>',
      'AWS region; default: the one in cluster.yaml, config.yaml or your environment',
    );
}
