/** functions/lambda/ports.ts has the ports of all functions in one file; each bundle is to carry its own alone. */
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { packageRoot } from '../../../support/cli/project.ts';

/** Folders of adapters, below adapters/, that a handler's bundle has code of. */
async function adaptersIn(handler: string): Promise<string[]> {
  const { metafile } = await build({
    ...{ entryPoints: [handler], absWorkingDir: packageRoot, write: false, metafile: true },
    ...{ bundle: true, minify: true, keepNames: true, format: 'esm', platform: 'node', packages: 'external' },
  });
  const [output] = Object.values(metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = used.flatMap(([path]) => /^adapters\/((?:aws\/)?[a-z0-9-]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(folders)].sort();
}

test.each([
  ['notify', ['aws/client', 'aws/s3', 'aws/sns']],
  ['image', ['aws/client', 'aws/codebuild']],
  ['bastion', ['aws/client', 'aws/ec2']],
  ['gather', ['aws/client', 'aws/s3', 'aws/step-functions']],
])('the bundle of %s has no adapter that it does not use', async (stage, expected) => {
  expect(await adaptersIn(`functions/${stage}/handler.ts`)).toEqual(expected);
});
