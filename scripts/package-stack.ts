/**
 * Packages the stack: the CloudFormation template and the functions' zips. Needs no credentials and no network.
 * `npm pack` puts it into dist/stack, from where `gcd-sfn deploy` takes it. `node scripts/package-stack.ts FOLDER`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param options for Node, and for `serverless package`
 * @returns what serverless printed
 */
export function packageStack(
  folder: string,
  { nodeOptions = [], args = [] }: { nodeOptions?: string[]; args?: string[] } = {},
): string {
  // Nobody's settings or credentials: what is packaged must not depend on who packages it.
  const home = mkdtempSync(join(tmpdir(), 'gcd-package-'));
  try {
    const serverless = join(root, 'node_modules/serverless/bin/serverless.js');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...nodeOptions, serverless, 'package', '--package', resolve(folder), ...args],
      {
        cwd: root,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: home, SLS_NOTIFICATIONS_MODE: 'off', TMPDIR: home },
      },
    );
    if (status !== 0) throw new Error(`serverless package failed:\n${stdout}${stderr}`);
    return `${stdout}${stderr}`;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    console.error('usage: node scripts/package-stack.ts FOLDER');
    process.exitCode = 2;
  } else process.stdout.write(packageStack(folder));
}
