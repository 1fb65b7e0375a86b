import { expect, test } from '@jest/globals';
import { syntaxErrors } from '../../../../../../adapters/local/environments/requirements/check-syntax.ts';
import { readRequirements } from '../../../../../../adapters/local/environments/requirements/read-requirements.ts';
import { project } from '../../../../../support/environments/temporary-projects.ts';

async function faults(text: string): Promise<string[]> {
  const { entries } = await readRequirements(
    project({
      'requirements.txt': text,
      'wheels/a.whl': '',
      'lib/setup.py': '',
      'more.txt': 'nothing here\n',
    }),
  );
  return syntaxErrors(entries);
}

test('what pip understands is fine', async () => {
  const lines = [
    'numpy',
    'numpy==2.4.6',
    'numpy == 2.4.6',
    'numpy>=2,<3',
    'numpy~=2.0',
    'numpy!=2.1.*',
    'numpy===2.0+local',
    'pandas[excel,aws]>=2 ; python_version >= "3.9"',
    'numpy (>=2)',
    "uvloop; sys_platform != 'win32'",
    'git+https://example.org/a.git@main#egg=a',
    'a @ https://example.org/a.whl',
    './wheels/a.whl',
    '-e ./lib',
    '--index-url https://example.org/simple',
    '-i https://example.org',
    '--pre',
    '--no-binary=:all:',
    '--find-links ./wheels',
    'a==1 --hash=sha256:00 \\\n  --hash=sha256:11',
    '# nothing',
  ];
  expect(await faults(lines.join('\n'))).toEqual([]);
});

test('each line that it would not understand is named', async () => {
  const lines = [
    'numpy=2',
    '',
    'numpy==',
    'numpy pandas',
    'numpy>>2',
    'numpy==2.0,',
    '--no-such-option',
    'numpy; if new',
    'numpy==2 3',
    '-r more.txt',
  ];
  const found = await faults(lines.join('\n'));
  expect(found.map((line) => line.split(': ')[0])).toEqual([
    'requirements.txt:1',
    'requirements.txt:3',
    'requirements.txt:4',
    'requirements.txt:5',
    'requirements.txt:6',
    'requirements.txt:7',
    'requirements.txt:8',
    'requirements.txt:9',
    'more.txt:1',
  ]);
  expect(found[0]).toBe(
    'requirements.txt:1: numpy=2 is not a package: write pandas, pandas==2.2.3 or pandas>=2,<3 (with two =)',
  );
  expect(found[2]).toContain('one package per line');
});
