/** What can be completed, derived from the commands. */
import type { Argument, Command, Option } from 'commander';

/** Possible values: folders, names of the project's runs, one of these words, or anything else. */
export type Value = { kind: 'folder' | 'run' | 'other' } | { kind: 'words'; words: string[] };

export interface OptionSpec {
  /** Such as `-p` and `--project`. */
  flags: string[];
  description: string;
  /** Undefined for an option without a value. */
  value: Value | undefined;
  /** Its name in the help, such as `folder`. */
  valueName: string;
  repeatable: boolean;
}

export interface CommandSpec {
  /** Name and aliases. */
  names: string[];
  summary: string;
  options: OptionSpec[];
  values: { name: string; value: Value }[];
}

/** @param words possible words, by the name of the value in the help */
export function completionSpec(program: Command, words: Record<string, string[]>): CommandSpec[] {
  return [program, ...program.commands].map((command) => ({
    names: [command.name(), ...command.aliases()],
    summary: command.summary() || command.description(),
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => optionSpec(option, words)),
    values: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      value: valueFor(argument.name(), argument, words),
    })),
  }));
}

function optionSpec(option: Option, words: Record<string, string[]>): OptionSpec {
  const takesValue = option.required || option.optional;
  const valueName = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '';
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    value: takesValue ? valueFor(valueName, option, words) : undefined,
    valueName,
    repeatable: Array.isArray(option.defaultValue) || option.variadic,
  };
}

function valueFor(
  name: string,
  { argChoices }: Pick<Argument | Option, 'argChoices'>,
  words: Record<string, string[]>,
): Value {
  const known = argChoices ?? words[name];
  if (known) return { kind: 'words', words: known };
  return { kind: name === 'folder' || name === 'run' ? name : 'other' };
}

/** A text in single quotes, for any POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
