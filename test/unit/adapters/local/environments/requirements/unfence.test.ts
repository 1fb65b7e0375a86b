import { expect, test } from '@jest/globals';
import { withoutServerPackages } from '../../../../../../adapters/local/environments/requirements/server-packages.ts';
import { project } from '../../../../../support/environments/temporary-projects.ts';

const heading =
  '# These are necessary packages to build `server` and `worker`.\n# Please do not change them.\n# =================\n';
const fence = '# ===================\n';

async function after(requirements: string | Uint8Array, code = ''): Promise<string> {
  const folder = project({ 'modules/a.py': code });
  return (await withoutServerPackages(Buffer.from(requirements), folder)).text;
}

test('the block goes with its fences; what is around it stays', async () => {
  const text = `# mine\nnumpy==2\n\n${heading}Flask==2.1.2\nredis==3.5.3\n${fence}\n# =====\n# more\nscipy\n`;
  expect(await after(text)).toBe('# mine\nnumpy==2\n\n\n# =====\n# more\nscipy\n');
});

test('what the project imports stays, with a version that its Python has', async () => {
  const text = `${heading}Flask==2.1.2\nboto3==1.21.19\npandas==1.3.5\nPillow==9.1.1\nclick==8\n${fence}`;
  expect(await after(text, 'import boto3, pandas\nfrom PIL import Image\n')).toBe(
    'boto3==1.21.19\n' +
      'pandas==1.3.5; python_version < "3.9"\npandas; python_version >= "3.9"\n' +
      'Pillow==9.1.1; python_version < "3.11"\nPillow; python_version >= "3.11"\n',
  );
});

test('options in the block stay', async () => {
  expect(await after(`${heading}--extra-index-url https://example.org\nFlask==2.1.2\n${fence}`)).toBe(
    '--extra-index-url https://example.org\n',
  );
});

test('an empty list says what belongs there', async () => {
  expect(await after(`${heading}Flask==2.1.2\n${fence}`)).toBe('# Your packages, one per line.\n');
});

test('a file in UTF-16 is read', async () => {
  const text = `\uFEFF${heading}Flask==2.1.2\n${fence}numpy\n`;
  expect(await after(Buffer.from(text, 'utf16le'))).toBe('numpy\n');
});

test('a list without the block stays as it is, fences or not', async () => {
  const text = '# ====\nFlask\n# ====\n';
  expect(await withoutServerPackages(Buffer.from(text), '/nowhere')).toEqual({ text, changes: [] });
});
