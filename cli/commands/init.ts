/** `gcd-sfn init`: creates a project folder, or migrates a project of the predecessor. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../core/errors/errors.ts';
import { migrate } from '../init/migrate.ts';
import { listTemplates, newProject, plain } from '../init/new-project.ts';

interface InitOptions {
  template?: string;
  list?: boolean;
  migrate?: boolean;
  dryRun?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn init my-project                            a small project that runs as it is
  $ gcd-sfn init my-project --template solardatatools  a copy of that example, with its data
  $ gcd-sfn init --list                                list the templates
  $ gcd-sfn init old-project --migrate --dry-run       show the changes to a project of gismo-cloud-deploy
  $ gcd-sfn init old-project --migrate                 make them

Nothing is ever overwritten: an existing file is an error, and --migrate keeps each file that it changes as
NAME.before-migration. --migrate removes obsolete keys from config.yaml, the block of server packages from
requirements.txt except for those that your modules import, and the servers from the Dockerfile.
Exit code: 0 done (also when there is nothing to migrate), 2 wrong use or input, 3 the disk.`;

export function define(command: Command): void {
  command
    .argument('[folder]', 'the project folder; default: the current one', '.')
    .option('-t, --template <template>', `example to copy; default: ${plain}, a small project`)
    .option('-l, --list', 'list the templates')
    .option('-m, --migrate', 'migrate a project of gismo-cloud-deploy, the predecessor')
    .option('--dry-run', 'show the changes and write nothing')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((folder: string, options: InitOptions) => init(resolve(folder), options));
}

async function init(folder: string, options: InitOptions): Promise<void> {
  if (options.list) return listTemplates();
  if (!options.migrate) return newProject(folder, options.template ?? plain, options.dryRun ?? false);
  if (options.template !== undefined)
    throw new UsageError('--migrate and --template cannot be given together', {
      hint: '--migrate changes an existing project, --template creates a new one.',
    });
  return migrate(folder, options.dryRun ?? false);
}
