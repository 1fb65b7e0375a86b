/** Temporary folders, projects, wheels and settings for tests of environments. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Environment, EnvironmentSpec, Environments } from '../../../ports/environments.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporary(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gcd-environments-')));
  folders.push(folder);
  return folder;
}

/** A project folder with these files. @returns its path */
export function project(files: Record<string, string | Uint8Array>): string {
  const folder = temporary();
  for (const [name, content] of Object.entries({ 'entrypoint.py': 'def entrypoint(): ...\n', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** The process's variables, with a pip that takes packages from a folder of wheels and from nowhere else. */
export function offline(wheels: string): Record<string, string | undefined> {
  return { ...process.env, PIP_CONFIG_FILE: '/dev/null', PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels };
}

/** Builds until the environment is there, as a run does. @returns it, and every line that was told on the way */
export async function ready(
  environments: Environments,
  wanted: EnvironmentSpec,
): Promise<Environment & { told: string[] }> {
  const told: string[] = [];
  for (;;) {
    const found = await environments.find(wanted);
    if (found) return { ...found, told };
    told.push((await environments.build(wanted)).detail);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What an expression gives in an environment, as text. */
export function evaluate({ python: [command = '', ...args] }: Environment, code: string): string {
  return execFileSync(command, [...args, '-c', code], { encoding: 'utf8' }).trim();
}
