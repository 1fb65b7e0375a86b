/** `gcd-sfn validate`: checks a project without running anything. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ProjectInvalid, UsageError } from '../../core/errors/errors.ts';
import { plannedSeconds } from '../../core/estimate/planned-time.ts';
import { exitCodeOf, showChecks } from '../checks/check.ts';
import { projectChecks } from '../checks/project.ts';
import { Listing } from '../terminal/planned-files.ts';

interface ValidateOptions {
  project?: string;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn validate                     the project in the current folder
  $ gcd-sfn validate my-project          the one in that folder
  $ gcd-sfn validate my-project --json   for programs: {"ok", "checks": [{"what", "state", "says", "hint"}], "files": [{"file", "columns", …}], "plan", "expected_seconds"}

It checks each key of config.yaml, the Python that it names, entrypoint.py (compiled, not imported), requirements.txt, the
Dockerfile and the data location, and shows which files and columns a run would process, and how long it would take if
earlier runs tell.
Nothing is installed, run or written. State "note" (!) is information, "wrong" (✗) prevents a run.
Exit code: 0 a run can start, 2 something in the project is wrong, 3 the data cannot be reached.`;

export function define(command: Command): void {
  command
    .argument('[folder]', 'the project folder; default: the current one')
    .option('-p, --project <folder>', 'the same, as in other commands')
    .option('--json', 'print the checks as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((folder: string | undefined, options: ValidateOptions) => validate(folder, options));
}

async function validate(folder: string | undefined, { project, json }: ValidateOptions): Promise<void> {
  if (folder !== undefined && project !== undefined)
    throw new UsageError('the folder is given twice', { hint: 'Give it with or without --project.' });
  const path = resolve(folder ?? project ?? '.');
  if (!(await stat(path).catch(() => undefined))?.isDirectory())
    throw new ProjectInvalid(`There is no folder ${path}.`, {
      hint: 'gcd-sfn init FOLDER creates a project.',
    });
  const listing = new Listing(json ?? false);
  let planned: object = {};
  const checks = await projectChecks(path, listing, (plan, asked) => {
    planned = { plan, ...asked, expected_seconds: plannedSeconds(plan, asked) };
  });
  showChecks(checks, json ?? false, { files: listing.all, ...planned });
  process.exitCode = exitCodeOf(checks);
}
