/** `gcd-sfn deploy`: the stack that runs on AWS stand on. */
import type { Command } from 'commander';
import { version } from '../../adapters/local/version.ts';
import { RunInterrupted } from '../../core/errors/errors.ts';
import { accountOf } from '../aws/account.ts';
import { refuseImpossible, showFindings } from '../aws/account-checks.ts';
import { askAboutOlder, askAboutRuns, oldSchedules } from '../aws/before-deploy.ts';
import { changeLines, contents } from '../aws/changes.ts';
import { atTerminal } from '../aws/confirm.ts';
import { showKeysFrom } from '../aws/keys-from.ts';
import { type CloudOptions, cloudOptions } from '../aws/options.ts';
import { stackBefore } from '../aws/stack-before.ts';
import { stackFolder } from '../aws/stack-folder.ts';
import { stackProgress } from '../aws/stack-progress.ts';
import { parametersOf, settingOptions } from '../aws/stack-settings.ts';
import { lookForStack, lookForUsualRun } from '../aws/usual-run.ts';

interface DeployOptions extends CloudOptions {
  yes?: boolean;
  force?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn deploy                             shows what will be made, asks, makes it; again: brings it up to date
  $ gcd-sfn deploy --region us-west-2 --yes    asks nothing
  $ gcd-sfn deploy --stack gcd-test            a second stack beside the first
  $ gcd-sfn deploy --data-bucket our-data      runs may read their data from that bucket only
  $ gcd-sfn deploy --max-nodes 20              a run gets 20 nodes at most, whatever it asks for

What --pod-policy, --data-bucket, --notify-topic, --max-nodes, --instance-types and --max-disk set stays set at later deploys,
until they are given again.

What the stack is, what each part costs and may do: docs/aws.md. Nothing in it is billed by the hour; clusters and
machines, which are, come with runs and go with gcd-sfn cleanup. It takes a few minutes, mostly CloudFormation's.
Runs that are going on are listed: they call the stack's functions, and may fail when these change. Without a terminal, or
with --yes, nothing is asked, and nothing is changed under them, nor is a stack of a newer version taken back, unless
--force says so (docs/upgrade.md). When something fails, CloudFormation takes back what it had done.
Exit code: 0 it is as this version wants it, 2 wrong use, runs are going on, or a stack of that name is somebody else's,
3 AWS refused or failed, or the stack is of a newer version, 130 you said no, or pressed Ctrl-C: CloudFormation goes on with
what it has begun.`;

export function define(command: Command): void {
  settingOptions(cloudOptions(command))
    .option('-y, --yes', 'do not ask')
    .option('--force', 'also while runs are going on, and also when the stack is of a newer version')
    .option('--json', 'print what has become of the stack as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: DeployOptions) => deploy(options));
}

async function deploy(options: DeployOptions): Promise<void> {
  const account = await accountOf(options);
  const { access, region, stack: name } = account;
  const parameters = parametersOf({ ...options }, account.arn.split(':')[1] ?? 'aws');
  const leave = { yes: options.yes ?? false, force: options.force ?? false };
  const asking = atTerminal();
  const [{ deployStack }, { findStack }] = await Promise.all([
    import('../../adapters/aws/cloudformation/deploy-stack.ts'),
    import('../../adapters/aws/cloudformation/stack-outputs.ts'),
  ]);
  console.error(`stack ${name} in ${region}, account ${account.account}, as ${account.arn}`);
  await showKeysFrom();
  const before = await stackBefore(account);
  await askAboutOlder(before?.version ?? null, version(), leave, asking);
  const folder = await stackFolder((line) => console.error(line));
  const progress = stackProgress(
    'CloudFormation goes on with what it has begun; gcd-sfn deploy shows later how it ended.',
  );
  const outcome = await deployStack({
    ...{ access, region, name, folder, parameters },
    confirm: async (changes, isNew) => {
      if (isNew) {
        progress.onPhase(`to be made: ${contents(changes)}`);
        refuseImpossible(await lookForStack(account));
        showFindings(await lookForUsualRun(account), progress.onPhase);
      } else
        progress.onPhase(changes.length > 0 ? 'to be done:' : 'to be done: its outputs are written anew');
      if (!isNew) for (const line of changeLines(changes)) progress.onPhase(line);
      progress.onPhase('Idle, it costs what its stored bytes cost; nothing in it is billed by the hour.');
      const old = before?.cloud && (await oldSchedules(before.cloud, version()));
      if (old) progress.onPhase(old);
      if (before?.cloud) await askAboutRuns(before.cloud, leave, asking);
      if (leave.yes || !asking.interactive) return true;
      return asking.ask('Go on?', true);
    },
    onPhase: progress.onPhase,
    onStep: progress.onStep,
  }).finally(() => progress.end());
  if (outcome === 'refused') throw new RunInterrupted('nothing was done');
  const parts = await findStack({ access, name });
  const words = { created: 'is made', changed: 'is changed', unchanged: 'is as it should be: nothing to do' };
  console.error(`stack ${name} ${words[outcome]}`);
  if (options.json) console.log(JSON.stringify({ outcome, ...parts }));
  else if (outcome === 'created') console.error('next: gcd-sfn start --project my-project --cluster NAME');
}
