import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LogFormatter } from '../../../cli/logs/log-formatter.ts';
import { stripControlSequences } from '../../../cli/logs/strip-control-sequences.ts';

const esc = '\u001b';

describe('what tasks print cannot', () => {
  test.each([
    ['clear the screen', `a${esc}[2J${esc}[Hb`, 'ab'],
    ['set the title', `a${esc}]0;title\u0007b`, 'ab'],
    ['set it with another end', `a${esc}]0;title${esc}\\b`, 'ab'],
    ['leave a string open', `a${esc}]0;title`, 'a'],
    ['write the clipboard', `a${esc}]52;c;aGk=\u0007b`, 'ab'],
    ['reset the terminal', `a${esc}cb`, 'ab'],
    ['change the character set', `a${esc}(0b`, 'ab'],
    ['take the short forms', 'a\u009b2Jb', 'ab'],
    ['go back over the prefix', 'a\b\b\bb\u000bc', 'a\ufffd\ufffd\ufffdb\ufffdc'],
    ['run backwards', 'a\u202eb\u2066c', 'abc'],
    ['hide a sequence in another', `${esc}${esc}[2J[2J`, '\ufffd[2J'],
  ])('%s', (_, text, wanted) => {
    expect(stripControlSequences(text, false)).toBe(wanted);
    expect(stripControlSequences(text, true)).toBe(wanted);
  });

  test('tabs and letters stay; colours stay where they are wanted, and end with the line', () => {
    const text = `a\tb ${esc}[1;31mré€😀${esc}[38:5:3m d`;
    expect(stripControlSequences(text, false)).toBe('a\tb ré€😀 d');
    expect(stripControlSequences(text, true)).toBe(`${text}${esc}[0m`);
  });

  test('nothing else gets through, whatever it is', () => {
    const pieces = fc.constantFrom(
      esc,
      '[',
      ']',
      '2J',
      '31m',
      '\u0007',
      '\\',
      ';',
      'x',
      '\u009c',
      '\u0090',
      '\r',
      ' ',
      '(',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 3 }))), (parts) => {
        const text = parts.join('');
        const control = /[^\P{Cc}\t]/u;
        expect(stripControlSequences(text, false)).not.toMatch(control);
        const coloured = stripControlSequences(text, true);
        expect(
          coloured
            .split(`${esc}[`)
            .slice(1)
            .every((part) => /^[0-9;:]*m/.test(part)),
        ).toBe(true);
        expect(
          coloured.replaceAll(/.\[[0-9;:]*m/gsu, (found) => (found[0] === esc ? '' : found)),
        ).not.toMatch(control);
        if (coloured.includes(esc)) expect(coloured.endsWith(`${esc}[0m`)).toBe(true);
      }),
    );
  });
});

describe('lines as they are shown', () => {
  const task = { at: 1, index: 0, task: '9f', attempt: 1, file: 'data/a.csv', column: 'P', worker: 'w' };
  const plain = (lines: string[]) => lines.map((line) => stripControlSequences(line, false));

  test('a newline of a line that was shown before it ended is no line of its own', () => {
    const shown = new LogFormatter('data/');
    const lines = (text: string, more = {}) => plain(shown.lines({ ...task, text, ...more }));
    expect(lines('one\n\ntwo')).toEqual(['a.csv, P | one', 'a.csv, P |', 'a.csv, P | two']);
    expect(lines('\nthree')).toEqual(['a.csv, P | three']);
    expect(lines('\n', { worker: 'v' })).toEqual(['a.csv, P |']);
    expect(lines('\n', { attempt: 2 })).toEqual(['a.csv, P (attempt 2) |']);
    expect(lines('\n\n')).toEqual(['a.csv, P |', 'a.csv, P |']);
  });

  test('of a progress bar, its last state', () => {
    const lines = (text: string) => plain(new LogFormatter('').lines({ ...task, column: null, text }));
    expect(lines('\r 1%\r 2%')).toEqual(['data/a.csv |  2%']);
    expect(lines('\r99%\r100%\r\nnext\r\n')).toEqual(['data/a.csv | 100%', 'data/a.csv | next']);
  });

  test('importing has no task', () => {
    const nobody = { index: null, task: null, attempt: null, file: null, column: null };
    expect(plain(new LogFormatter('').lines({ ...task, ...nobody, text: 'x\n' }))).toEqual([
      'w, importing | x',
    ]);
  });
});
