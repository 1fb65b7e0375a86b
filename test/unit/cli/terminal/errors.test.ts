import { expect, test } from '@jest/globals';
import { failureLines } from '../../../../cli/terminal/errors.ts';

test('an error of several lines is shown on as many, each harmless by itself', () => {
  const message = 'The project cannot be imported.\nTraceback:\r\n\n  File "a.py"\u001b[2J\nend\n';
  expect(failureLines({ name: 'WorkersFailed', message })).toEqual([
    'WorkersFailed: The project cannot be imported.',
    '  Traceback:',
    '',
    '    File "a.py"\\x1b[2J',
    '  end',
  ]);
});
