/** `gcd-sfn cost`: what a project's run would cost on so many nodes, or what a run has cost. */
import { type Command, InvalidArgumentError } from 'commander';
import { maxRepetitions } from '../../core/run-store/request/run-limits.ts';
import { type CostOptions, costOfProject, costOfRun } from '../aws/cost.ts';
import { collect, projectStackOptions, whole } from '../options.ts';

const examples = `
Examples:
  $ gcd-sfn cost --project my-project -n 0                 all files, on 1, 2, 4, 8 and 16 nodes
  $ gcd-sfn cost --project my-project --nodes 10,20        on 10, and on 20
  $ gcd-sfn cost -p my-project --instance_type m6i.xlarge
  $ gcd-sfn cost calm-owls-sing --project my-project       what a run has cost so far, or in total

The duration is known when the tasks have run before; otherwise only the hourly cost is shown. The cost of a run is the
running time of its machines at current prices, not the bill, which comes a day later, with taxes and data transfer.
Exit code: 0, 2 wrong use or input, 3 there is no stack, or AWS refuses.`;

export function define(command: Command): void {
  projectStackOptions(
    command
      .argument('[run]', 'name of a run on AWS; default: an estimate for the project')
      .option('-p, --project <folder>', 'the project folder', '.')
      .option('-n, --number <N>', 'the first N files that match file_pattern; 0: all', whole(0))
      .option('-f, --file <key>', 'only this file; repeatable', collect, [])
      .option('-r, --repeat <N>', 'every task N times', whole(1, maxRepetitions), 1)
      .option('--nodes <list>', 'node counts to compare, such as 4,8', numbers, [1, 2, 4, 8, 16])
      .option('-c, --cluster <name>', 'cluster for the estimate; default: the one in cluster.yaml')
      .option('--instance_type <type>', 'instance type of the nodes; default: instance_type in config.yaml'),
  )
    .option('--json', 'print it as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: CostOptions) =>
      run === undefined ? costOfProject(options) : costOfRun(run, options),
    );
}

function numbers(text: string): number[] {
  if (!/^[1-9]\d{0,3}(,[1-9]\d{0,3})*$/.test(text))
    throw new InvalidArgumentError(
      'It must be a comma-separated list of numbers from 1 to 9999, such as 4,8.',
    );
  return text.split(',').map(Number);
}
