import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { columnsOf } from '../../../../../functions/plan/columns/read-columns.ts';

async function namesIn(key: string, body: string | Uint8Array) {
  const store = new MemoryStore();
  await store.write(key, body);
  for await (const object of store.list(key)) return columnsOf(store, object);
  throw new Error('not listed');
}

describe('the header of a table', () => {
  test.each<[string, string | Buffer, string[]]>([
    ['plain', 'Time,Power(W)\n1,2\n', ['Time', 'Power(W)']],
    ['without a final newline', 'Time,Power(W)', ['Time', 'Power(W)']],
    ['CRLF', 'Time,Power\r\n1,2\r\n', ['Time', 'Power']],
    ['CR only', 'Time,Power\r1,2\r', ['Time', 'Power']],
    ['byte order mark', '\uFEFFTime,Power\n', ['Time', 'Power']],
    ['quoted', '"Time","Power, AC","say ""hi"""\n1,2,3', ['Time', 'Power, AC', 'say "hi"']],
    ['newline inside of quotes', '"Power\n(W)",x\n1,2', ['Power\n(W)', 'x']],
    ['CRLF inside of quotes', '"Power\r\n(W)";x\r\n1;2', ['Power\r\n(W)', 'x']],
    ['tabs', 'Time\tPower, AC\n', ['Time', 'Power, AC']],
    ['semicolons', 'Time;Power;x\n1,5;2;3', ['Time', 'Power', 'x']],
    ['one column', 'Power\n1\n', ['Power']],
    ['leading blank lines', '\n\r\nTime,Power\n', ['Time', 'Power']],
    ['a name twice, as pandas calls it', 'a,b,a\n', ['a', 'b', 'a.1']],
    ['a name three times, one of these names taken', 'a,a,a.1,a\n', ['a', 'a.2', 'a.1', 'a.3']],
    ['nameless columns', ',a,,b\n', ['a', 'b']],
    ['Latin-1', Buffer.from('Zeit,Leistung_\xfc\n1,2\n', 'latin1'), ['Zeit', 'Leistung_ü']],
    ['Unicode', 'Zeit,电力,😀\n', ['Zeit', '电力', '😀']],
  ])('%s', async (_, body, names) => {
    expect(await namesIn('a.csv', body)).toMatchObject({ kind: 'table', names });
  });

  test.each(['', '\n\n', '\ufeff', ' \r\n'])('nothing but blank lines: %j', async (body) => {
    expect(await namesIn('a.csv', body)).toEqual({ kind: 'unreadable', why: 'it is empty' });
  });

  test('3,000 columns, longer than the first read', async () => {
    const names = Array.from({ length: 3000 }, (_, n) => `a column with quite a long name, number ${n}`);
    const header = names.map((name) => `"${name}"`).join(',');
    expect(header.length).toBeGreaterThan(64 * 1024);
    for (const end of ['\n1,2,3\n', '\r\n', ''])
      expect(await namesIn('wide.csv', header + end)).toMatchObject({ kind: 'table', names });
  });

  test('a character that the first read cuts in two', async () => {
    const filler = 'x'.repeat(64 * 1024 - 3);
    expect(await namesIn('a.csv', `${filler},é,z\n`)).toMatchObject({ names: [filler, 'é', 'z'] });
  });

  test('gzip', async () => {
    expect(await namesIn('a.CSV.gz', gzipSync('Time,Power\n1,2\n'))).toMatchObject({
      kind: 'table',
      names: ['Time', 'Power'],
    });
    expect(await namesIn('a.csv.gz', 'not gzip')).toMatchObject({ kind: 'unreadable' });
    expect(await namesIn('a.tsv.gz', gzipSync('a\tb').subarray(0, 12))).toMatchObject({ kind: 'unreadable' });
  });

  test('other files have no columns, and are not read', async () => {
    expect(await namesIn('feeder.glm', 'a,b')).toEqual({ kind: 'other' });
  });
});
