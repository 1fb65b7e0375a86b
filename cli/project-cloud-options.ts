import type { Command } from 'commander';

/** Options for the stack, of commands that have a project, whose files may name a region; loads nothing about AWS. */
export function projectCloudOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'the stack on AWS; default: what GCD_STACK says, else gcd-sfn')
    .option(
      '--region <region>',
      'the AWS region; default: that of cluster.yaml, config.yaml or your environment',
    );
}
