import { expect, test } from '@jest/globals';
import { confirmImage, errorLine } from '../../../../functions/image/check-confirm-image.ts';

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
  ['the step, when nothing says more', [...build.slice(0, 4), build[8]!, 'bye'], build[8]],
  ['the last line, when nothing is an error', ['one', 'two'], 'two'],
  ['nothing, when there is nothing', [], undefined],
])('a line that tells why a build failed: %s', (_, lines, expected) => {
  expect(errorLine(lines)).toBe(expected);
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
