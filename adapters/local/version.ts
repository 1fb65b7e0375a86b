import { readFileSync } from 'node:fs';
import { assetPath } from './assets.ts';

/** This program's version, as its package.json says. */
export function version(): string {
  return JSON.parse(readFileSync(assetPath('package.json'), 'utf8')).version;
}
