/** `gcd-sfn menu`: an interactive menu with the predecessor's questions and defaults. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { GcdError, RunInterrupted, UsageError } from '../../../core/errors/errors.ts';
import { showError } from '../../terminal/errors.ts';
import { isInteractive } from '../../terminal/output.ts';
import { askOne } from '../../terminal/prompts.ts';
import { runHere } from './run-local.ts';

const examples = `
Examples:
  $ gcd-sfn menu

It asks for what start takes as options, shows a summary, asks for confirmation, and prints the command that does the same
without questions.`;

type OnAws = 'create_cloud_resources_and_start' | 'resume_from_existing' | 'cleanup_cloud_resources';
type Action = OnAws | 'run_in_local_machine' | 'quit';

const needs = 'It needs the stack in your AWS account: gcd-sfn deploy.';

const choices: { value: Action; name: Action; description: string }[] = [
  {
    value: 'create_cloud_resources_and_start',
    name: 'create_cloud_resources_and_start',
    description: `Create a cluster and run on it. ${needs}`,
  },
  {
    value: 'resume_from_existing',
    name: 'resume_from_existing',
    description: `Run on an existing cluster. ${needs}`,
  },
  {
    value: 'cleanup_cloud_resources',
    name: 'cleanup_cloud_resources',
    description: `Delete what runs left on AWS. ${needs}`,
  },
  {
    value: 'run_in_local_machine',
    name: 'run_in_local_machine',
    description: 'Run on this machine.',
  },
  { value: 'quit', name: 'quit', description: 'Do nothing.' },
];

export function define(command: Command, whole: () => Promise<Command>): void {
  command
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action(() => menu(whole));
}

async function menu(whole: () => Promise<Command>): Promise<void> {
  if (!isInteractive())
    throw new UsageError('menu asks questions and needs a terminal', {
      hint: 'Give the answers as options: gcd-sfn start --help',
    });
  for (;;) {
    const action = await askOne<Action>('What should be done?', choices, 'run_in_local_machine');
    if (action === 'quit') return;
    if (action === 'run_in_local_machine') return runHere(availableParallelism());
    try {
      return await onAws(action, whole);
    } catch (error) {
      // For example without a stack: the other choices still work.
      if (!(error instanceof GcdError) || error instanceof RunInterrupted) throw error;
      showError(error);
    }
  }
}

async function onAws(action: OnAws, whole: () => Promise<Command>): Promise<void> {
  const { askWhatToRemove, runOnAws } = await import('./run-on-aws.ts');
  if (action !== 'cleanup_cloud_resources')
    return runOnAws(action === 'create_cloud_resources_and_start' ? 'new' : 'there');
  const words = ['cleanup', ...(await askWhatToRemove())];
  console.error(`The same without this question: gcd-sfn ${words.join(' ')}\n`);
  await (await whole()).parseAsync(words, { from: 'user' });
}
