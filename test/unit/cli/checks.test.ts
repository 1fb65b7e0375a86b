import { describe, expect, test } from '@jest/globals';
import { type Check, checked, checklist, exitCodeOf, note, ok } from '../../../cli/checks/check.ts';
import { diskCheck, machineCheck } from '../../../cli/checks/machine.ts';
import { AccessDenied, ProjectInvalid } from '../../../core/errors/errors.ts';

const checks: Check[] = [
  { what: 'one', ...ok('fine') },
  { what: 'second', ...note('works\nsomehow', 'do this') },
  { what: 'x', state: 'wrong', says: 'broken' },
];

describe('the checklist', () => {
  test.each([{ LANG: 'de_DE.UTF-8' }, { LC_ALL: 'C.utf8', LANG: 'C' }, { LC_CTYPE: 'en_US.UTF8' }])(
    'has signs where the locale has them: %j',
    (env) => {
      expect(checklist(checks, env)).toEqual([
        '✓ one     fine',
        '! second  works\n          somehow\n          do this',
        '✗ x       broken',
      ]);
    },
  );

  test.each([{}, { LANG: 'C' }, { LC_ALL: 'C', LANG: 'en_US.UTF-8' }])(
    'has plain letters elsewhere: %j',
    (env) => {
      expect(checklist(checks, env)).toEqual([
        'ok one     fine',
        '!  second  works\n           somehow\n           do this',
        'x  x       broken',
      ]);
    },
  );
});

describe('the exit code', () => {
  const wrong = async (error: Error) => checked('x', () => Promise.reject(error));

  test('is 0 with notes only', () => {
    expect(exitCodeOf(checks.slice(0, 2))).toBe(0);
  });

  test('is that of the error; wrong input goes first', async () => {
    const [input, environment] = [await wrong(new ProjectInvalid('')), await wrong(new AccessDenied(''))];
    expect(exitCodeOf([environment])).toBe(3);
    expect(exitCodeOf([environment, input])).toBe(2);
  });

  test('is none for a bug', async () => {
    await expect(wrong(new TypeError('bug'))).rejects.toThrow('bug');
  });
});

describe('resources', () => {
  const gib = 2 ** 30;

  test('little disk is a note', () => {
    expect(diskCheck(5 * gib)).toEqual({
      what: 'disk',
      state: 'ok',
      says: '5 GiB free where packages are installed',
    });
    expect(diskCheck(5 * gib - 1)).toMatchObject({
      state: 'note',
      hint: expect.stringContaining('XDG_CACHE_HOME'),
    });
  });

  test('little memory is a note', () => {
    expect(machineCheck(1, 16 * gib, 3.25 * gib)).toEqual({
      what: 'machine',
      state: 'ok',
      says: '1 core, and as many workers; 16 GiB memory, 3.25 GiB free',
    });
    expect(machineCheck(8, gib / 2, 0)).toMatchObject({
      state: 'note',
      hint: expect.stringContaining('--scalenodes 1'),
    });
  });
});
