/** `gcd-sfn menu`: asks what to do, with the predecessor's questions and defaults. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { GcdError, RunInterrupted, UsageError } from '../../../core/errors/errors.ts';
import { showError } from '../../view/errors.ts';
import { isInteractive } from '../../view/interactive.ts';
import { askOne } from '../../view/prompts.ts';
import { runHere } from './run-here.ts';

const examples = `
Examples:
  $ gcd-sfn menu

It asks for what start takes as options, shows a summary, asks whether to go on, and tells the command that does the same
without questions.`;

type OnAws = 'create_cloud_resources_and_start' | 'resume_from_existing' | 'cleanup_cloud_resources';
type Action = OnAws | 'run_in_local_machine' | 'quit';

const needs = 'It needs the stack in your AWS account: gcd-sfn deploy.';

const choices: { value: Action; name: Action; description: string }[] = [
  {
    value: 'create_cloud_resources_and_start',
    name: 'create_cloud_resources_and_start',
    description: `Make a cluster and run on it. ${needs}`,
  },
  {
    value: 'resume_from_existing',
    name: 'resume_from_existing',
    description: `Run on a cluster that is there. ${needs}`,
  },
  {
    value: 'cleanup_cloud_resources',
    name: 'cleanup_cloud_resources',
    description: `Remove what runs have left in the cloud. ${needs}`,
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
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action(() => menu(whole));
}

async function menu(whole: () => Promise<Command>): Promise<void> {
  if (!isInteractive())
    throw new UsageError('menu asks questions, and there is no terminal to ask them on', {
      hint: 'Give the answers as options: gcd-sfn start --help',
    });
  for (;;) {
    const action = await askOne<Action>('What should be done?', choices, 'run_in_local_machine');
    if (action === 'quit') return;
    if (action === 'run_in_local_machine') return runHere(availableParallelism());
    try {
      return await onAws(action, whole);
    } catch (error) {
      // Such as that there is no stack: something else can be done all the same.
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
