/** Project folders for these tests. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Config } from '../../../../core/config/config.ts';
import { loadConfig } from '../../../../core/config/load-config.ts';

const made: string[] = [];
afterAll(() => Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true }))));

/** A new folder with these files in it. */
export async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-config-'));
  made.push(folder);
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
  return folder;
}

/** What a config.yaml with this text means. */
export async function load(source: string | Uint8Array): Promise<Config> {
  return loadConfig(await folderWith({ 'config.yaml': source }));
}

/** The lines of the error that a config.yaml with this text meets. */
export async function mistakesIn(source: string | Uint8Array): Promise<string[]> {
  const outcome = await load(source).then(
    (config) => new Error(`no mistake was found: ${JSON.stringify(config)}`),
    (error: Error) => error,
  );
  if (outcome.name !== 'ConfigInvalid') throw outcome;
  return outcome.message.split('\n');
}
