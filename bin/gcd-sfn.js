#!/usr/bin/env node
// Starts the command line; written so that an old Node can read it and say what is wrong.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 12)) {
  if (!existsSync(here('../dist/main.js'))) {
    console.error('gcd-sfn is not built yet. In its folder, run: npm ci');
    process.exit(3);
  }
  await import('../dist/main.js');
} else if (existsSync(here('../node_modules/node/bin/node')) && !process.env.GCD_SFN_NODE) {
  // A clone brings its own Node along: take that one.
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  launch(here('../node_modules/node/bin/node'), args, { ...process.env, GCD_SFN_NODE: 'bundled' });
} else {
  console.error(`gcd-sfn needs Node 22.12 or newer; this is ${process.version}. See https://nodejs.org`);
  process.exit(3);
}
