/** `gcd-sfn schedule`: runs on AWS that begin by themselves. */
import { Argument, type Command } from 'commander';
import { mostRepetitions } from '../../core/run-store/request/run-bounds.ts';
import { type ScheduleOptions, schedule } from '../aws/schedule.ts';
import { collect, whole } from '../parse.ts';
import { projectCloudOptions } from '../project-cloud-options.ts';

const examples = `
Examples:
  $ gcd-sfn schedule create nightly -p my-project -c lab -n 0 --expression 'rate(1 day)'
  $ gcd-sfn schedule create mornings -p my-project -c lab --expression 'cron(0 6 * * ? *)' --timezone America/Denver
  $ gcd-sfn schedule list
  $ gcd-sfn schedule delete nightly

What is kept is the request as start would write it now, with code and data as they are now: delete and create it again after
an edit. A folder with data is copied to the stack's bucket. Each time begins a run of its own, named after the schedule and the time; gcd-sfn status --stack shows them. A cluster
that is not there is made. EventBridge Scheduler and an hour of everything cost as any run does.
Exit code: 0, 2 wrong use or input, 3 there is no stack, or AWS refuses.`;

export function define(command: Command): void {
  projectCloudOptions(
    command
      .addArgument(new Argument('<action>', 'what to do').choices(['create', 'list', 'delete']))
      .argument('[name]', "the schedule's name")
      .option('--expression <when>', 'rate(1 day), or cron(minute hour day-of-month month day-of-week year)')
      .option('--timezone <name>', 'an IANA name, such as America/Denver; default: UTC')
      .option('-p, --project <folder>', 'the project folder', '.')
      .option('-n, --number <N>', 'the first N files that match file_pattern; 0 takes all', whole(0))
      .option('-f, --file <key>', 'just this file; may be given more than once', collect, [])
      .option('-s, --scalenodes <N>', 'how many nodes; default: what cluster.yaml says, or 1', whole(1))
      .option('-r, --repeat <N>', 'run every task N times', whole(1, mostRepetitions), 1)
      .option('-c, --cluster <name>', 'the cluster; default: that of cluster.yaml')
      .option('--nodegroup_name <name>', 'the group of machines in the cluster')
      .option('--instance_type <type>', 'the type of the machines')
      .option('--cleanup', 'remove the cluster after each run')
      .option('--copy-data', "copy a folder with data to the stack's bucket without asking"),
  )
    .option('--json', 'print it as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((action: 'create' | 'list' | 'delete', name: string | undefined, options: ScheduleOptions) =>
      schedule(action, name, options),
    );
}
