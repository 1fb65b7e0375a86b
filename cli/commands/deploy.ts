/** `gcd-sfn deploy`: the stack that runs on AWS stand on. */
import type { Command } from 'commander';
import { version } from '../../adapters/local/version.ts';
import { RunInterrupted } from '../../core/errors/errors.ts';
import { openAccount } from '../aws/account.ts';
import { atTerminal } from '../aws/confirm.ts';
import { showCredentialsSource } from '../aws/credentials-source.ts';
import { type StackOptions, stackOptions } from '../aws/options.ts';
import { checkAccountForProject, checkAccountForStack } from '../aws/quotas/check-account.ts';
import { refuseImpossible, showFindings } from '../aws/quotas/findings.ts';
import { confirmDespiteRunning, confirmDowngrade, outdatedSchedules } from '../aws/stack/deploy-checks.ts';
import { findDeployedStack } from '../aws/stack/deployed-stack.ts';
import { packagedStack } from '../aws/stack/packaged-stack.ts';
import { stackProgress } from '../aws/stack/progress.ts';
import { renderChangeSet, summarizeResources } from '../aws/stack/render-change-set.ts';
import { parametersOf, settingOptions } from '../aws/stack/settings.ts';

interface DeployOptions extends StackOptions {
  yes?: boolean;
  force?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn deploy                             show what will be created, ask, create it; later: update it
  $ gcd-sfn deploy --region us-west-2 --yes    without asking
  $ gcd-sfn deploy --stack gcd-test            a second stack beside the first
  $ gcd-sfn deploy --data-bucket our-data      runs may read data from that bucket only
  $ gcd-sfn deploy --max-nodes 20              no run gets more than 20 nodes

Later deploys keep the values of --pod-policy, --data-bucket, --notify-topic, --max-nodes, --instance-types and --max-disk
until you give these options again.

docs/aws.md lists the stack's resources, their cost and permissions. Nothing in the stack is billed by the hour; clusters
and nodes are, and gcd-sfn cleanup deletes them. A deploy takes a few minutes, most of them CloudFormation's.
Running runs are listed: they call the stack's functions, and may fail when these change. Without a terminal, or with
--yes, nothing is asked; then only --force updates the stack during runs, or downgrades a newer stack (docs/upgrade.md).
A failed deploy is rolled back by CloudFormation.
Exit code: 0 the stack matches this version, 2 wrong use, runs are running, or somebody else owns a stack of that name,
3 AWS refused or failed, or the stack has a newer version, 130 you said no, or pressed Ctrl-C: CloudFormation continues.`;

export function define(command: Command): void {
  settingOptions(stackOptions(command))
    .option('-y, --yes', 'do not prompt')
    .option('--force', 'deploy even if runs are running, or if the stack has a newer version')
    .option('--json', 'print the outcome as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: DeployOptions) => deploy(options));
}

async function deploy(options: DeployOptions): Promise<void> {
  const account = await openAccount(options);
  const { access, region, stack: name } = account;
  const parameters = parametersOf({ ...options }, account.arn.split(':')[1] ?? 'aws');
  const leave = { yes: options.yes ?? false, force: options.force ?? false };
  const asking = atTerminal();
  const [{ deployStack }, { findStack }] = await Promise.all([
    import('../../adapters/aws/cloudformation/deploy-stack.ts'),
    import('../../adapters/aws/cloudformation/stack-outputs.ts'),
  ]);
  console.error(`stack ${name} in ${region}, account ${account.account}, as ${account.arn}`);
  await showCredentialsSource();
  const before = await findDeployedStack(account);
  await confirmDowngrade(before?.version ?? null, version(), leave, asking);
  const folder = await packagedStack((line) => console.error(line));
  const progress = stackProgress('CloudFormation continues; gcd-sfn deploy shows the outcome later.');
  const outcome = await deployStack({
    ...{ access, region, name, folder, parameters },
    confirm: async (changes, isNew) => {
      if (isNew) {
        progress.onPhase(`to be created: ${summarizeResources(changes)}`);
        refuseImpossible(await checkAccountForStack(account));
        showFindings(await checkAccountForProject(account), progress.onPhase);
      } else progress.onPhase(changes.length > 0 ? 'to be done:' : 'to be done: only its outputs change');
      if (!isNew) for (const line of renderChangeSet(changes)) progress.onPhase(line);
      progress.onPhase('An idle stack costs only its storage; nothing in it is billed by the hour.');
      const old = before?.cloud && (await outdatedSchedules(before.cloud, version()));
      if (old) progress.onPhase(old);
      if (before?.cloud) await confirmDespiteRunning(before.cloud, leave, asking);
      if (leave.yes || !asking.interactive) return true;
      return asking.ask('Go on?', true);
    },
    onPhase: progress.onPhase,
    onStep: progress.onStep,
  }).finally(() => progress.end());
  if (outcome === 'refused') throw new RunInterrupted('nothing was done');
  const parts = await findStack({ access, name });
  const words = { created: 'was created', changed: 'was updated', unchanged: 'is up to date: nothing to do' };
  console.error(`stack ${name} ${words[outcome]}`);
  if (options.json) console.log(JSON.stringify({ outcome, ...parts }));
  else if (outcome === 'created') console.error('next: gcd-sfn start --project my-project --cluster NAME');
}
