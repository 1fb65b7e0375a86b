/** The command line: a table of commands, each loaded only when it is called. */
import { Command, CommanderError, Help } from 'commander';
import { ExitCode } from '../ports/errors.ts';
import { version } from './version.ts';

/** A command's own file: adds its options, its examples and its action. */
export interface CommandModule {
  define(command: Command): void;
}

interface Entry {
  name: string;
  alias?: string;
  /** Arguments, as commander writes them. */
  usage?: string;
  summary: string;
  load: () => Promise<CommandModule>;
}

const commands: Entry[] = [
  {
    name: 'start',
    alias: 'run-files',
    summary: "run a project's function over its files",
    load: () => import('./commands/start.ts'),
  },
  {
    name: 'resume',
    usage: '[run]',
    summary: 'go on with an interrupted run; what is done is not done again',
    load: () => import('./commands/resume.ts'),
  },
];

/** The predecessor's options of two letters behind one dash, which no parser of today reads. */
const twoLetters: Record<string, string> = { '-nd': '--nodegroup_name', '-in': '--instance_type' };

const examples = `
Examples:
  $ gcd-sfn start --project examples/sleep          the files that its config.yaml names
  $ gcd-sfn start --project my-project -n 0         all files that match
  $ gcd-sfn resume --project my-project             go on with the newest run
  $ gcd-sfn start --help                            every option of a command`;

async function main(argv: string[]): Promise<void> {
  const program = new Command('gcd-sfn')
    .description('Runs a Python function over every (file, column) of your data, in parallel.')
    .version(version(), '-V, --version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', examples)
    .showSuggestionAfterError()
    .exitOverride();
  const asked = argv.find((argument) => !argument.startsWith('-'));
  for (const { name, alias, usage, summary, load } of commands) {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
    if (alias) command.alias(alias);
    if (usage) command.usage(`${usage} [options]`);
    if (asked === name || asked === alias) (await load()).define(command);
  }
  program.configureHelp({
    subcommandTerm: (command) => Help.prototype.subcommandTerm(command).replace(' [options]', ''),
  });
  if (argv.length === 0) {
    program.outputHelp();
    return;
  }
  await program.parseAsync(
    argv.map((argument) => twoLetters[argument] ?? argument),
    { from: 'user' },
  );
}

// `gcd-sfn … | head` closes the pipe early: that is no error, and no reason to end a run.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

try {
  await main(process.argv.slice(2));
} catch (error) {
  // Commander has printed its message already; everything that it objects to is wrong use.
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  else {
    const { showError } = await import('./view/errors.ts');
    process.exitCode = showError(error);
  }
}
