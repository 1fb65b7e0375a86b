/** The command line with the modules of all commands loaded: for completion, reference and tests, never for a run. */
import { Command } from 'commander';
import { version } from '../adapters/local/version.ts';
import { addCommand, commands } from './commands.ts';

export async function wholeProgram(): Promise<Command> {
  const program = newProgram();
  for (const entry of commands) (await entry.load()).define(addCommand(program, entry), wholeProgram);
  return program;
}

/** What holds for every command. */
export function newProgram(): Command {
  return new Command('gcd-sfn')
    .description('Runs a Python function over every (file, column) of your data, in parallel.')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride();
}
