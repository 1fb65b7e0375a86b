import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { confirmImage, errorLine } from '../../../../functions/image/check-confirm-image.ts';
import { packageRoot } from '../../../support/cli/project.ts';

const build = [
  "An error occurred (ImageNotFoundException) when calling the DescribeImages operation: The image with imageId {imageTag:'d'} does not exist",
  'Error response from daemon: manifest for h/r:cache-amd64 not found: manifest unknown',
  'no layers to begin with',
  '#6 [2/3] RUN pip install nosuch',
  '#6 1.234 ERROR: No matching distribution found for nosuch',
  '#6 1.240 [notice] A new release of pip is available',
  '#6 ERROR: process "/bin/sh -c pip install nosuch" did not complete successfully: exit code: 1',
  '------',
  'ERROR: failed to solve: process "/bin/sh -c pip install nosuch" did not complete successfully: exit code: 1',
];

test.each([
  ['the last error that says more than its step', build, 'ERROR: No matching distribution found for nosuch'],
  [
    'of apt',
    ['#5 0.9 E: Unable to locate package nosuch', ...build.slice(6)],
    'E: Unable to locate package nosuch',
  ],
  [
    'a base that is not there',
    ['ERROR: failed to solve: python:9: not found', 'Dockerfile:1'],
    'ERROR: failed to solve: python:9: not found',
  ],
  [
    "of pip, with Docker's builder before version 23",
    [
      ...build.slice(3, 6),
      '#6 ERROR: executor failed running [/bin/sh -c pip install nosuch]: exit code: 1',
      '------',
      'error: failed to solve: executor failed running [/bin/sh -c pip install nosuch]: exit code: 1',
    ],
    'ERROR: No matching distribution found for nosuch',
  ],
  ['the step, when nothing says more', [...build.slice(0, 4), build[8]!, 'bye'], build[8]],
  ['the last line, when nothing is an error', ['one', 'two'], 'two'],
  ['nothing, when there is nothing', [], undefined],
])('a line that tells why a build failed: %s', (_, lines, expected) => {
  expect(errorLine(lines)).toBe(expected);
});

/** The first command of the Dockerfile that adds the worker, as Docker runs it: in one line. */
const [, command = ''] =
  /^RUN ((?:.*\\\n)*.*)/m.exec(readFileSync(join(packageRoot, 'worker/image/Dockerfile'), 'utf8')) ?? [];
const check = command.replaceAll('\\\n', '');

const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).stdout.trim();
const withoutPip = 'case "$*" in *pip*) echo "No module named pip" >&2; exit 1;; esac';
const old = `case "$*" in *pip*) exit 0;; esac; exec ${python} -c "import sys; sys.version_info = (3, 7, 9); $2"`;

test.each<[what: string, python3: string | undefined, line: RegExp]>([
  ['without Python', undefined, /^error: The image must have python3 from 3\.8 on, with pip: add them in /],
  ['without pip', withoutPip, /^error: The image must have python3 from 3\.8 on, with pip: add them in /],
  ['with an old Python', old, /^error: The image has Python 3\.7: gcd-sfn needs Python 3\.8 or newer\.$/],
])('the line of an image %s is in words, with both builders of Docker', (_, python3, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-image-check-'));
  try {
    if (python3) writeFileSync(join(folder, 'python3'), `#!/bin/sh\n${python3}\n`, { mode: 0o755 });
    const env = { PATH: folder };
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', check], { encoding: 'utf8', env });
    expect(status).not.toBe(0);
    const printed = `${stdout}${stderr}`.trim().split('\n');
    for (const failed of [
      `process "/bin/sh -c ${check}" did not complete successfully: exit code: 1`,
      `executor failed running [/bin/sh -c ${check}]: exit code: 1`,
    ]) {
      const lines = [
        `#6 [2/6] RUN ${check}`,
        ...printed.map((line) => `#6 0.321 ${line}`),
        ...[`#6 ERROR: ${failed}`, '------', ` > [2/6] RUN ${check}:`],
        ...printed.map((line) => `0.321 ${line}`),
        ...['------', `ERROR: failed to solve: ${failed}`],
      ];
      expect(errorLine(lines)).toMatch(expected);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a build that failed is said in one line, with the others as what to look at', async () => {
  const images = {
    find: async () => undefined,
    status: async () => ({ state: 'failed' as const, lines: build }),
    build: async () => {},
    remove: async () => {},
  };
  const failure = await confirmImage({ images })({ digest: 'd', build: {} }).catch((error) => error);
  expect(failure.message).toBe(
    'the container image of the project could not be built: ERROR: No matching distribution found for nosuch',
  );
  expect(failure.hint).toContain('#6 [2/3] RUN pip install nosuch\n');
});
