/** `gcd-sfn schedule`: scheduled runs on AWS. */
import { Argument, type Command } from 'commander';
import { maxRepetitions } from '../../core/run-store/request/run-limits.ts';
import { type ScheduleOptions, schedule } from '../aws/schedules/schedule.ts';
import { collect, projectStackOptions, whole } from '../options.ts';

const examples = `
Examples:
  $ gcd-sfn schedule create nightly -p my-project -c lab -n 0 --expression 'rate(1 day)'
  $ gcd-sfn schedule create mornings -p my-project -c lab --expression 'cron(0 6 * * ? *)' --timezone America/Denver
  $ gcd-sfn schedule list
  $ gcd-sfn schedule delete nightly

The schedule stores the request with code and data as they are now: after an edit, delete and create it again. A local data
folder is copied to the stack's bucket. Each time starts a run of its own, named after the schedule and the time;
"gcd-sfn status --stack" lists them. A missing cluster is created. The runs cost what any run costs.
Exit code: 0, 2 wrong use or input, 3 there is no stack, or AWS refuses.`;

export function define(command: Command): void {
  projectStackOptions(
    command
      .addArgument(new Argument('<action>', 'create, list or delete').choices(['create', 'list', 'delete']))
      .argument('[name]', 'name of the schedule')
      .option('--expression <when>', 'rate(1 day), or cron(minute hour day-of-month month day-of-week year)')
      .option('--timezone <name>', 'IANA time zone, such as America/Denver; default: UTC')
      .option('-p, --project <folder>', 'the project folder', '.')
      .option('-n, --number <N>', 'the first N files that match file_pattern; 0: all', whole(0))
      .option('-f, --file <key>', 'only this file; repeatable', collect, [])
      .option('-s, --scalenodes <N>', 'number of nodes; default: cluster.yaml, else 1', whole(1))
      .option('-r, --repeat <N>', 'run every task N times', whole(1, maxRepetitions), 1)
      .option('-c, --cluster <name>', 'the cluster; default: the one in cluster.yaml')
      .option('--nodegroup_name <name>', 'nodegroup of the cluster')
      .option('--instance_type <type>', 'instance type of the nodes')
      .option('--cleanup', 'delete the cluster after each run')
      .option('--copy-data', "copy a local data folder to the stack's bucket without asking"),
  )
    .option('--json', 'print it as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((action: 'create' | 'list' | 'delete', name: string | undefined, options: ScheduleOptions) =>
      schedule(action, name, options),
    );
}
