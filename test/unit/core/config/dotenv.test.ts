import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { awsSettings } from '../../../../core/config/dotenv.ts';
import { folderWith } from './folder.ts';

const nothing = { accessKeyId: null, secretAccessKey: null, sessionToken: null, region: null };

test('config: .env as the predecessor had it', async () => {
  const folder = await folderWith({
    '.env':
      '\uFEFFAWS_ACCESS_KEY_ID=AK # mine\r\nexport AWS_SECRET_ACCESS_KEY="s/e+c="\r\nAWS_DEFAULT_REGION=us-east-2\r\n',
  });
  expect(await awsSettings(folder, {})).toEqual({
    accessKeyId: 'AK',
    secretAccessKey: 's/e+c=',
    sessionToken: null,
    region: 'us-east-2',
  });
});

test('config: the environment goes before .env, and keys are never mixed', async () => {
  const folder = await folderWith({
    '.env': 'AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\nAWS_SESSION_TOKEN=c\nAWS_REGION=r-1\n',
  });
  const own = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
  expect(await awsSettings(folder, own)).toEqual({
    accessKeyId: 'x',
    secretAccessKey: 'y',
    sessionToken: null,
    region: 'r-1',
  });
  expect(await awsSettings(folder, { AWS_ACCESS_KEY_ID: 'x', AWS_DEFAULT_REGION: 'r-2' })).toEqual({
    accessKeyId: 'a',
    secretAccessKey: 'b',
    sessionToken: 'c',
    region: 'r-2',
  });
});

test('config: without .env, with half of the keys, or with a folder of that name there are none', async () => {
  expect(await awsSettings(await folderWith({}), {})).toEqual(nothing);
  expect(await awsSettings(await folderWith({ '.env': 'AWS_ACCESS_KEY_ID=a\nAWS_REGION=\n' }), {})).toEqual(
    nothing,
  );
  const folder = await folderWith({});
  await mkdir(join(folder, '.env'));
  expect(await awsSettings(folder, {})).toEqual(nothing);
});
