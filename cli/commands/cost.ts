/** `gcd-sfn cost`: what a project's run would cost on so many nodes, or what a run has cost. */
import { type Command, InvalidArgumentError } from 'commander';
import { mostRepetitions } from '../../core/run-store/request/run-bounds.ts';
import { type CostOptions, costOfProject, costOfRun } from '../aws/cost.ts';
import { collect, whole } from '../parse.ts';
import { projectCloudOptions } from '../project-cloud-options.ts';

const examples = `
Examples:
  $ gcd-sfn cost --project my-project -n 0                 all files, on 1, 2, 4, 8 and 16 nodes
  $ gcd-sfn cost --project my-project --nodes 10,20        on 10, and on 20
  $ gcd-sfn cost -p my-project --instance_type m6i.xlarge
  $ gcd-sfn cost calm-owls-sing --project my-project       what a run has cost so far, or in all

How long it takes is known when the tasks have run before; else only what an hour costs. What a run has cost is the time
that its machines were there by the prices of the day, not the bill: that comes a day later, with taxes and data transfer.
Exit code: 0, 2 wrong use or input, 3 there is no stack, or AWS refuses.`;

export function define(command: Command): void {
  projectCloudOptions(
    command
      .argument('[run]', 'a run on AWS; default: an estimate for the project')
      .option('-p, --project <folder>', 'the project folder', '.')
      .option('-n, --number <N>', 'the first N files that match file_pattern; 0 takes all', whole(0))
      .option('-f, --file <key>', 'just this file; may be given more than once', collect, [])
      .option('-r, --repeat <N>', 'every task N times', whole(1, mostRepetitions), 1)
      .option('--nodes <list>', 'numbers of nodes, such as 4,8', numbers, [1, 2, 4, 8, 16])
      .option('-c, --cluster <name>', 'the cluster that it would run on; default: that of cluster.yaml')
      .option('--instance_type <type>', 'the type of the machines; default: instance_type in config.yaml'),
  )
    .option('--json', 'print it as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: CostOptions) =>
      run === undefined ? costOfProject(options) : costOfRun(run, options),
    );
}

function numbers(text: string): number[] {
  if (!/^[1-9]\d{0,3}(,[1-9]\d{0,3})*$/.test(text))
    throw new InvalidArgumentError('It must be numbers from 1 to 9999 with commas between, such as 4,8.');
  return text.split(',').map(Number);
}
