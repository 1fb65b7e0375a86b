/** Entry point. Loads only the module of the command that is called. */
import { CommanderError, Help } from 'commander';
import { ExitCode } from '../core/errors/errors.ts';
import { addCommand, commands } from './commands.ts';
import { fullProgram, newProgram } from './program.ts';

/** The predecessor's two-letter options with one dash, which commander cannot parse. */
const twoLetters: Record<string, string> = { '-nd': '--nodegroup_name', '-in': '--instance_type' };

const examples = `
Examples:
  $ gcd-sfn start --project examples/sleep          run the files named in its config.yaml
  $ gcd-sfn start --project my-project -n 0         run all matching files
  $ gcd-sfn resume --project my-project             continue the newest run
  $ gcd-sfn start --help                            show the options of a command`;

/** Whether the environment sets a proxy; only then proxy.ts is loaded. */
const namesProxy = (): boolean =>
  Object.entries(process.env).some(([name, value]) => /^(https?|all)_proxy$/i.test(name) && value);

async function main(argv: string[]): Promise<void> {
  const program = newProgram().addHelpText('after', examples);
  const asked = argv.find((argument) => !argument.startsWith('-'));
  for (const entry of commands) {
    const command = addCommand(program, entry);
    const isAsked = asked !== undefined && [entry.name, entry.alias].includes(asked);
    if (isAsked) (await entry.load()).define(command, fullProgram);
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

// `gcd-sfn … | head` closes the pipe early: not an error, and the run continues.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

try {
  if (namesProxy()) (await import('./proxy.ts')).useProxy(process.env);
  await main(process.argv.slice(2));
} catch (error) {
  // Commander has already printed its message, always about wrong use.
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  else {
    const { showError } = await import('./terminal/errors.ts');
    process.exitCode = showError(error);
  }
}
