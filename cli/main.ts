/** The command line: of the commands, only the one that is called is loaded. */
import { CommanderError, Help } from 'commander';
import { ExitCode } from '../core/errors/errors.ts';
import { addCommand, commands } from './commands.ts';
import { newProgram, wholeProgram } from './whole-program.ts';

/** The predecessor's options of two letters behind one dash, which no parser of today reads. */
const twoLetters: Record<string, string> = { '-nd': '--nodegroup_name', '-in': '--instance_type' };

const examples = `
Examples:
  $ gcd-sfn start --project examples/sleep          the files that its config.yaml names
  $ gcd-sfn start --project my-project -n 0         all files that match
  $ gcd-sfn resume --project my-project             go on with the newest run
  $ gcd-sfn start --help                            every option of a command`;

/** Whether the environment does: what uses it is loaded only then. */
const namesProxy = (): boolean =>
  Object.entries(process.env).some(([name, value]) => /^(https?|all)_proxy$/i.test(name) && value);

async function main(argv: string[]): Promise<void> {
  const program = newProgram().addHelpText('after', examples);
  const asked = argv.find((argument) => !argument.startsWith('-'));
  for (const entry of commands) {
    const command = addCommand(program, entry);
    const isAsked = asked !== undefined && [entry.name, entry.alias].includes(asked);
    if (isAsked) (await entry.load()).define(command, wholeProgram);
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
  if (namesProxy()) (await import('./proxy.ts')).useProxy(process.env);
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
