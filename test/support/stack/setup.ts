/** Packages the stack once for all files of the suite, where there is no network and nobody's credentials. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageStack } from '../../../scripts/package-stack.ts';

const offline = fileURLToPath(new URL('offline.mjs', import.meta.url));

export default function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-stack-'));
  process.env.GCD_STACK_PACKAGE = folder;
  // Given, so that one that gets into the template is found.
  const args = ['--stage', 'canarystage', '--region', 'ap-southeast-4'];
  const said = packageStack(folder, { nodeOptions: ['--import', offline], args });
  writeFileSync(join(folder, 'said.txt'), said);
}
