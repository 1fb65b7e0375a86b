import { expect, test } from '@jest/globals';
import { phaseLine, writtenLines } from '../../../../../adapters/aws/codebuild/build-log.ts';

const script = '(\n  set -euo pipefail\n  echo "ERROR: not this"\n  docker build "$(pwd)"\n)';
const at = '[Container] 2026/11/22 12:00:00.000000';

test('lines of a build are those of its programs, without the commands that CodeBuild repeats', () => {
  const events = [
    `${at} Running command ${script}\n`,
    '#6 1.234 ERROR: No matching distribution found for nosuch\n',
    'ERROR: failed to solve\n',
    // As several events, too.
    ...`${at} Command did not exit successfully ${script} exit status 1`.split('\n'),
    `${at} Phase complete: BUILD State: FAILED\n`,
    `${at} Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing command: ${script}. Reason: exit status 1\n`,
    '\n',
    'after it',
  ];
  expect(writtenLines(events)).toEqual([
    '#6 1.234 ERROR: No matching distribution found for nosuch',
    'ERROR: failed to solve',
    'after it',
  ]);
});

test('what CodeBuild says of a phase is how its command ended, without the command', () => {
  const message = `Error while executing command: ${script}. Reason: exit status 1`;
  expect(phaseLine(message)).toBe('a command of the build failed: exit status 1');
  expect(phaseLine('no machine')).toBe('no machine');
});
