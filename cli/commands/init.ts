/** `gcd-sfn init`: makes a project folder, or makes today's of one of the predecessor. */
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
  $ gcd-sfn init --list                                the templates
  $ gcd-sfn init old-project --migrate --dry-run       what would be changed in a project of gismo-cloud-deploy
  $ gcd-sfn init old-project --migrate                 change it

Nothing is ever overwritten: a file of the same name is an error, and --migrate keeps each file that it changes as
NAME.before-migration. It removes keys of config.yaml that have no meaning any more, the block of server packages in
requirements.txt but for those that your modules import, and the servers in the Dockerfile.
Exit code: 0 done (also when there is nothing to migrate), 2 wrong use or input, 3 the disk.`;

export function define(command: Command): void {
  command
    .argument('[folder]', 'the project folder; default: the current one', '.')
    .option(
      '-t, --template <template>',
      `which example to copy; default: ${plain}, a small project of its own`,
    )
    .option('-l, --list', 'list the templates')
    .option('-m, --migrate', 'rewrite a project of gismo-cloud-deploy, the predecessor')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((folder: string, options: InitOptions) => init(resolve(folder), options));
}

async function init(folder: string, options: InitOptions): Promise<void> {
  if (options.list) return listTemplates();
  if (!options.migrate) return newProject(folder, options.template ?? plain, options.dryRun ?? false);
  if (options.template !== undefined)
    throw new UsageError('--migrate and --template cannot be given together', {
      hint: '--migrate changes a project that is there, --template makes a new one.',
    });
  return migrate(folder, options.dryRun ?? false);
}
