/** `gcd-sfn doctor`: checks this machine and tells how to fix what is missing. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ExitCode, ProjectInvalid } from '../../core/errors/errors.ts';
import { exitCodeOf, showChecks } from '../checks/check.ts';
import { machineChecks } from '../checks/machine.ts';
import { projectChecks } from '../checks/project.ts';
import { stackChecks } from '../checks/stack.ts';

interface DoctorOptions {
  project?: string;
  network?: boolean;
  aws?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn doctor                 this machine
  $ gcd-sfn doctor -p my-project   and the project, as gcd-sfn validate checks it
  $ gcd-sfn doctor --network       and whether packages can be installed from the package index
  $ gcd-sfn doctor --aws           and AWS: credentials, stack, and what the account lacks for a run (of the project, with -p)
  $ gcd-sfn doctor --json          for programs: {"ok", "checks": [{"what", "state", "says", "hint"}]}

It checks Node, the installed Pythons, virtual environments, the cache folder, disk, memory, cores, Docker (only container
images need it) and AWS credentials (only data in S3 and runs on a cluster need them; only --aws tries them). Without
--network, --aws and data in S3, nothing leaves this machine.
Exit code: 0 runs on this machine can work, 2 something in the project is wrong, 3 something on the machine is.`;

export function define(command: Command): void {
  command
    .option('-p, --project <folder>', 'also check this project')
    .option('--network', 'also check the package index')
    .option('--aws', 'also check AWS: credentials, stack and quotas')
    .option('--json', 'print the checks as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: DoctorOptions) => doctor(options));
}

async function doctor({ project, network, aws, json }: DoctorOptions): Promise<void> {
  const folder = project === undefined ? undefined : resolve(project);
  if (folder !== undefined && !(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new ProjectInvalid(`There is no folder ${folder}.`, {
      hint: 'gcd-sfn init FOLDER creates a project.',
    });
  const machine = await machineChecks(network ?? false);
  if (aws) machine.push(...(await stackChecks({}, folder)));
  const inProject = folder === undefined ? [] : await projectChecks(folder);
  showChecks([...machine, ...inProject], json ?? false);
  const isWrong = machine.some(({ state }) => state === 'wrong');
  process.exitCode = isWrong ? ExitCode.environment : exitCodeOf(inProject);
}
