import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keysFrom } from '../../../../cli/aws/keys-from.ts';

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-keys-'));
  home = join(folder, 'home');
  mkdirSync(join(home, '.aws'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const keys = 'AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\n';
const asVariables = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

test('where the keys come from is said, above all where .env takes the place of a profile', async () => {
  expect(await keysFrom(folder, {}, home)).toBe('those of your profile, or of this machine');
  expect(await keysFrom(folder, { AWS_PROFILE: 'work' }, home)).toBe('those of your profile work');
  writeFileSync(join(folder, '.env'), 'AWS_REGION=us-west-2\n');
  expect(await keysFrom(folder, { AWS_PROFILE: 'work' }, home)).toBe('those of your profile work');
  writeFileSync(join(folder, '.env'), keys);
  const file = join(folder, '.env');
  expect(await keysFrom(folder, {}, home)).toBe(`those of ${file}`);
  expect(await keysFrom(folder, { AWS_PROFILE: 'work' }, home)).toBe(
    `those of ${file}, not of your profile work`,
  );
  writeFileSync(join(home, '.aws/credentials'), '');
  expect(await keysFrom(folder, {}, home)).toBe(`those of ${file}, not of your profile`);
  expect(await keysFrom(folder, asVariables, home)).toBe('those of your environment');
});
