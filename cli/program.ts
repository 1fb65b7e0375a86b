/** The command line with the modules of all commands loaded: for completion, docs and tests. */
import { Command } from 'commander';
import { version } from '../adapters/local/version.ts';
import { addCommand, commands } from './commands.ts';

export async function fullProgram(): Promise<Command> {
  const program = newProgram();
  for (const entry of commands) (await entry.load()).define(addCommand(program, entry), fullProgram);
  return program;
}

/** The program without commands. */
export function newProgram(): Command {
  return new Command('gcd-sfn')
    .description('Runs a Python function for every (file, column) of your data, in parallel.')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride();
}
