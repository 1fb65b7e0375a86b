/**
 * Bundles the command line into dist/ (dist/stack is left as it is) and writes the configuration's JSON Schema.
 * Run by `npm ci` (prepare), `npm run build` and before the tests. `node scripts/build.ts`
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const nodeVersion = process.versions.node.split('.').map(Number) as [number, number];
const bundled = `${root}node_modules/node/bin/node`;

if (nodeVersion[0] < 24 && existsSync(bundled) && process.execPath !== bundled && !process.env.GCD_SFN_NODE) {
  const again = spawnSync(bundled, [fileURLToPath(import.meta.url)], {
    stdio: 'inherit',
    env: { ...process.env, GCD_SFN_NODE: 'bundled' },
  });
  process.exit(again.status ?? 1);
}

const { build } = await import('esbuild');
const outdir = `${root}dist`;
const { metafile } = await build({
  entryPoints: { main: `${root}cli/main.ts` },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  chunkNames: 'chunks/[name]-[hash]',
  external: ['@resvg/resvg-wasm', 'dejavu-fonts-ttf'],
  // The interpreter can call Lambda and validate by itself; here neither is ever wanted, and both are large.
  alias: {
    '@aws-sdk/client-lambda': `${root}walker/absent.ts`,
    '@aws-sdk/credential-providers': `${root}walker/absent.ts`,
    'asl-validator': `${root}walker/absent.ts`,
  },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
  metafile: true,
  absWorkingDir: root,
});
// Afterwards, so that whoever is cut off while he builds, as by the first npx, leaves a program that works. The packaged
// stack is made by `npm pack`, before this, and is not made anew here: that takes seconds.
const made = new Set(Object.keys(metafile.outputs).map((path) => resolve(root, path)));
for (const entry of await readdir(outdir, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !made.has(path) && !path.startsWith(join(outdir, 'stack'))) await rm(path);
}
const schema = spawnSync(process.execPath, [`${root}scripts/schema.ts`], { stdio: 'inherit', cwd: root });
process.exit(schema.status ?? 1);
