import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { credentialsSource } from '../../../../cli/aws/credentials-source.ts';

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
  expect(await credentialsSource(folder, {}, home)).toBe('those of your profile, or of this machine');
  expect(await credentialsSource(folder, { AWS_PROFILE: 'work' }, home)).toBe('those of your profile work');
  writeFileSync(join(folder, '.env'), 'AWS_REGION=us-west-2\n');
  expect(await credentialsSource(folder, { AWS_PROFILE: 'work' }, home)).toBe('those of your profile work');
  writeFileSync(join(folder, '.env'), keys);
  const file = join(folder, '.env');
  expect(await credentialsSource(folder, {}, home)).toBe(`those of ${file}`);
  expect(await credentialsSource(folder, { AWS_PROFILE: 'work' }, home)).toBe(
    `those of ${file}, not of your profile work`,
  );
  writeFileSync(join(home, '.aws/credentials'), '');
  expect(await credentialsSource(folder, {}, home)).toBe(`those of ${file}, not of your profile`);
  expect(await credentialsSource(folder, asVariables, home)).toBe('those of your environment');
});
