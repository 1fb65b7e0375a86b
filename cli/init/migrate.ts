/** `init --migrate`: migrates a project of the predecessor. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from '../../adapters/local/environments/requirements/parse-lines.ts';
import { withoutServerPackages } from '../../adapters/local/environments/requirements/server-packages.ts';
import { backupSuffix, replaceFiles } from '../../adapters/local/project/write-files.ts';
import { loadConfig } from '../../core/config/load-config.ts';
import { readConfig } from '../../core/config/read-file.ts';
import { migrateConfig } from '../../core/migrate/config.ts';
import { differences } from '../../core/migrate/diff.ts';
import { migrateDockerfile } from '../../core/migrate/dockerfile.ts';
import { color } from '../terminal/output.ts';
import { shellPath, shownPath } from '../terminal/paths.ts';
import { schemaAddress } from './minimal-template.ts';

interface Change {
  name: string;
  before: string;
  text: string;
  /** A line for each change, with its reason. */
  changes: string[];
}

/**
 * @param project absolute path
 * @throws ProjectInvalid when it is not a project, ConfigInvalid when config.yaml cannot be read
 */
export async function migrate(project: string, dryRun: boolean): Promise<void> {
  const changed = (await Promise.all([config(project), requirements(project), dockerfile(project)])).flat();
  if (changed.length === 0) {
    console.log(`nothing to migrate in ${shownPath(project)}`);
    return;
  }
  if (!dryRun) await replaceFiles(project, changed);
  for (const change of changed) show(change, dryRun);
  if (dryRun) console.log('\ndry run: nothing was written');
  else {
    console.log(`\nthe old ${changed.length === 1 ? 'file is' : 'files are'} kept as *${backupSuffix}`);
    console.log(`check it: gcd-sfn validate ${shellPath(project)}`);
  }
}

function show({ name, before, text, changes }: Change, dryRun: boolean): void {
  console.log(name);
  for (const change of changes) console.log(`  ${change}`);
  if (!dryRun) return;
  for (const line of differences(before, text))
    console.log(line.startsWith('+') ? color.green(line) : line.startsWith('-') ? color.red(line) : line);
}

async function config(project: string): Promise<Change[]> {
  const { name, source } = await readConfig(project);
  const migrated = migrateConfig(source, schemaAddress);
  // A file that cannot be read cannot be migrated: this throws its mistakes.
  if (!migrated) await loadConfig(project);
  return migrated && migrated.changes.length > 0 ? [{ name, before: source, ...migrated }] : [];
}

async function requirements(project: string): Promise<Change[]> {
  const name = 'requirements.txt';
  const bytes = await readIfThere(join(project, name));
  if (!bytes) return [];
  const { text, changes } = await withoutServerPackages(bytes, project);
  return changes.length > 0 ? [{ name, before: decode(bytes), text, changes }] : [];
}

async function dockerfile(project: string): Promise<Change[]> {
  const name = 'Dockerfile';
  const before = (await readIfThere(join(project, name)))?.toString();
  const migrated = before === undefined ? undefined : migrateDockerfile(before);
  return before === undefined || !migrated ? [] : [{ name, before, ...migrated }];
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
