/** The packaged stack: an npm package contains it in dist/stack, a clone builds it on demand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath } from '../../../adapters/local/assets.ts';
import { InstallFailed } from '../../../core/errors/errors.ts';

/** Inputs of the package: dist/stack is out of date when one of them is newer. */
const sources = [
  'serverless.yml',
  'package.json',
  'package-lock.json',
  'stack',
  'state-machines',
  'buildspecs',
  'functions',
  'adapters/aws',
  'adapters/kubernetes',
  'core',
  'ports',
];

/**
 * @returns its folder
 * @param log called before a build, which takes some seconds
 * @throws InstallFailed
 */
export async function packagedStack(log: (line: string) => void): Promise<string> {
  const folder = assetPath('dist', 'stack');
  const isClone = existsSync(assetPath('serverless.yml'));
  const made = newest(join(folder, 'cloudformation-template-update-stack.json'));
  if (!isClone || made > Math.max(...sources.map((name) => newest(assetPath(name))))) return folder;
  log(
    `packaging the stack: ${made === 0 ? 'dist/stack does not exist' : 'its sources are newer than dist/stack'}`,
  );
  // The clone's own Node runs TypeScript.
  const bundled = assetPath('node_modules/node/bin/node');
  const node = existsSync(bundled) ? bundled : process.execPath;
  const child = spawn(node, [assetPath('scripts/package-stack.ts'), folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code === 0) return folder;
  throw new InstallFailed(`the stack could not be packaged: ${said.trim()}`, {
    hint: 'In the clone: npm ci, and then node scripts/package-stack.ts dist/stack',
  });
}

/** Modification time of the newest file below a path, in milliseconds; 0 when the path does not exist. */
function newest(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}
