/** `gcd-sfn deploy`: the stack that runs on AWS stand on. */
import type { Command } from 'commander';
import { RunInterrupted } from '../../ports/errors.ts';
import { changeLines, contents } from '../cloud/changes.ts';
import { type CloudOptions, cloudAccess, cloudOptions, stackName } from '../cloud/options.ts';
import { stackFolder } from '../cloud/stack-folder.ts';
import { stackProgress } from '../cloud/stack-progress.ts';
import { isInteractive } from '../view/interactive.ts';
import { askYes } from '../view/prompts.ts';

interface DeployOptions extends CloudOptions {
  yes?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn deploy                             shows what will be made, asks, makes it; again: brings it up to date
  $ gcd-sfn deploy --region us-west-2 --yes    asks nothing
  $ gcd-sfn deploy --stack gcd-test            a second stack beside the first

What the stack is, what each part costs and may do: docs/aws.md. Nothing in it is billed by the hour; clusters and
machines, which are, come with runs and go with gcd-sfn cleanup. It takes a few minutes, mostly CloudFormation's.
Without a terminal nothing is asked. When something fails, CloudFormation takes back what it had done.
Exit code: 0 it is as this version wants it, 2 wrong use, or a stack of that name is somebody else's, 3 AWS refused or
failed, 130 you said no, or pressed Ctrl-C: CloudFormation goes on with what it has begun.`;

export function define(command: Command): void {
  cloudOptions(command)
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print what has become of the stack as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: DeployOptions) => deploy(options));
}

async function deploy(options: DeployOptions): Promise<void> {
  const name = stackName(options);
  const access = await cloudAccess(options);
  const [{ callerOf }, { deployStack }, { findStack }] = await Promise.all([
    import('../../adapters/aws/caller.ts'),
    import('../../adapters/aws/stack-deploy.ts'),
    import('../../adapters/aws/stack.ts'),
  ]);
  const { account, arn, region } = await callerOf(access);
  console.error(`stack ${name} in ${region}, account ${account}, as ${arn}`);
  const folder = await stackFolder((line) => console.error(line));
  const progress = stackProgress(
    'CloudFormation goes on with what it has begun; gcd-sfn deploy shows later how it ended.',
  );
  const outcome = await deployStack({
    ...{ access, region, name, folder },
    confirm: (changes, isNew) => {
      progress.onPhase(isNew ? `to be made: ${contents(changes)}` : 'to be done:');
      if (!isNew) for (const line of changeLines(changes)) progress.onPhase(line);
      progress.onPhase('Idle, it costs what its stored bytes cost; nothing in it is billed by the hour.');
      if (options.yes || !isInteractive()) return Promise.resolve(true);
      return askYes('Go on?', true);
    },
    onPhase: progress.onPhase,
    onStep: progress.onStep,
  }).finally(() => progress.end());
  if (outcome === 'refused') throw new RunInterrupted('nothing was done');
  const parts = await findStack({ access: { ...access, region }, name });
  const words = { created: 'is made', changed: 'is changed', unchanged: 'is as it should be: nothing to do' };
  console.error(`stack ${name} ${words[outcome]}`);
  if (options.json) console.log(JSON.stringify({ outcome, ...parts }));
  else if (outcome === 'created') console.error('next: gcd-sfn start --project my-project --cluster NAME');
}
