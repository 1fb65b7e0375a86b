/** Where a table's names are: oddities of files, and what config.yaml says. */
import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { defaultTable, type TableSettings } from '../../../../../core/run-store/plan/table-layout.ts';
import { columnsOf } from '../../../../../functions/plan/columns/read-columns.ts';

async function found(body: string | Buffer, settings: Partial<TableSettings> = {}, key = 'a.csv') {
  const store = new MemoryStore();
  await store.write(key, body);
  for await (const object of store.list(key))
    return columnsOf(store, object, { ...defaultTable, ...settings });
  throw new Error('not listed');
}

const table = (names: string[], layout: object) => ({ kind: 'table', names, layout });
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

function utf32(text: string): Buffer {
  const codes = Array.from(text, (character) => character.codePointAt(0) as number);
  const bytes = Buffer.alloc(4 * codes.length);
  for (const [index, code] of codes.entries()) bytes.writeUInt32LE(code, 4 * index);
  return bytes;
}

describe('a file with nothing but its names', () => {
  test.each([
    ['Power,Power 2\n', ['Power', 'Power 2']],
    ['Power 1,Power 2', ['Power 1', 'Power 2']],
    ['Inverter 1 DC;Inverter 2 DC\n', ['Inverter 1 DC', 'Inverter 2 DC']],
    ['Power 2\n', ['Power 2']],
    ['Time,2020,2021\n', ['Time', '2020', '2021']],
    ['\n\nPower 1\tPower 2\n', ['Power 1', 'Power 2']],
  ])('%j', async (text, names) => {
    expect(await found(text)).toMatchObject({
      kind: 'table',
      names,
      layout: { header: text.startsWith('\n') ? 3 : 1 },
    });
  });
});

describe('encodings', () => {
  const text = 'Zeit,Süd (W),Temp °C\n1,2,3\n2,3,4\n';
  const names = ['Zeit', 'Süd (W)', 'Temp °C'];
  const long = `${'\n'.repeat(3)}${text}${'3,4,5\n'.repeat(30_000)}`;

  test.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'utf-8-sig'],
    ['UTF-16 LE with a mark', utf16(`\ufeff${text}`), 'utf-16'],
    ['UTF-16 BE with a mark', utf16(`\ufeff${text}`).swap16(), 'utf-16'],
    ['UTF-16 LE without', utf16(text), 'utf-16-le'],
    ['UTF-16 BE without', utf16(text).swap16(), 'utf-16-be'],
    ['UTF-32 with a mark', utf32(`\ufeff${text}`), 'utf-32'],
    ['UTF-32 without', utf32(text), 'utf-32-le'],
    ['UTF-32 BE without', utf32(text).swap32?.() ?? utf32(text), 'utf-32-be'],
    ['windows-1252', Buffer.from(text, 'latin1'), 'cp1252'],
    ['longer than what is read, UTF-8', Buffer.from(long), 'utf-8'],
    ['longer than what is read, UTF-16', utf16(`\ufeff${long}`), 'utf-16'],
    ['longer than what is read, UTF-32', utf32(long), 'utf-32-le'],
  ])('%s', async (_, body, encoding) => {
    expect(await found(body)).toMatchObject(table(names, { encoding, delimiter: ',' }));
  });

  test('windows-1252 has more than Latin-1', async () => {
    const body = Buffer.concat([Buffer.from('Time,Price ('), Buffer.of(0x80), Buffer.from(')\n1,2\n')]);
    expect(await found(body)).toMatchObject(table(['Time', 'Price (€)'], { encoding: 'cp1252' }));
  });

  test('a stray byte in the data says nothing about the names', async () => {
    const stray = (header: string) =>
      Buffer.concat([Buffer.from(`${header}\n1,2\n2,20`), Buffer.of(0xb0), Buffer.from('\n3,4\n')]);
    expect(await found(stray('Time,Power µW'))).toMatchObject(
      table(['Time', 'Power µW'], { encoding: 'utf-8', replace: true }),
    );
    expect(await found(stray('Time,Power'))).toMatchObject(table(['Time', 'Power'], { encoding: 'cp1252' }));
  });

  test('what config.yaml says', async () => {
    // "電力" in Shift JIS, whose second bytes may be those of pipes.
    const body = Buffer.concat([
      Buffer.from('t,'),
      Buffer.of(0x93, 0x64, 0x97, 0xcd),
      Buffer.from('\n1,2\n'),
    ]);
    expect(await found(body, { encoding: 'shift_jis' })).toMatchObject(
      table(['t', '電力'], { encoding: 'shift_jis' }),
    );
    expect(await found(utf16('t;Süd\n1;2\n'), { encoding: 'utf-16-le' })).toMatchObject(
      table(['t', 'Süd'], { encoding: 'utf-16-le' }),
    );
    expect(await found(Buffer.from('t;S\xfcd\n1;2\n', 'latin1'), { encoding: 'latin-1' })).toMatchObject(
      table(['t', 'Süd'], { encoding: 'latin-1' }),
    );
    expect(await found('\ufefft;Süd\n1;2\n', { encoding: 'utf-8' })).toMatchObject(table(['t', 'Süd'], {}));
  });
});

describe('quotes', () => {
  test.each<[string, string, string[], number]>([
    ['an inch sign', 'Time,Soil Temp 4" (C),Power\n1,2,3\n2,3,4', ['Time', 'Soil Temp 4" (C)', 'Power'], 2],
    ['inch signs in all cells', 'Pipe 1",Pipe 2"\n1,2\n3,4\n', ['Pipe 1"', 'Pipe 2"'], 2],
    ['a quote after a blank', 'a, "b",c\n1,2,3\n', ['a', ' "b"', 'c'], 2],
    ['two lines in a cell', 'a,"b\nc"\n1,2\n', ['a', 'b\nc'], 3],
    ['delimiters in quotes', '"a,b";"c,d";"e,f"\n1,5;2,5;3,5\n', ['a,b', 'c,d', 'e,f'], 2],
    [
      'an inch sign above the names',
      'Probe 4", deep\nTime,Power,Volt\n1,2,3\n2,3,4\n',
      ['Time', 'Power', 'Volt'],
      3,
    ],
  ])('%s', async (_, body, names, data) => {
    expect(await found(body)).toMatchObject(table(names, { data }));
  });
});

describe('a plain table is what it always was', () => {
  test.each<[string, string, string[]]>([
    ['words in all columns', 'name,place\nA,here\nB,there\nC,\n', ['name', 'place']],
    ['one column of words', 'name\nalice\nbob\ncarol\n', ['name']],
    ['numbers as names', 'Time,1,2,3\n2020-01-01,5,6,7\n2020-01-02,5,6,7\n', ['Time', '1', '2', '3']],
    ['numbers as all names', ',0,1,2\n0,5.5,6.5,7.5\n1,5.5,6.5,7.5\n', ['0', '1', '2']],
    ['years as names', 'place,2019,2020,2021\nA,5,6,7\nB,8,9,1\n', ['place', '2019', '2020', '2021']],
    ['dates as names', 'place,2020-01-01,2020-01-02\nA,5,6\nB,8,9\n', ['place', '2020-01-01', '2020-01-02']],
    [
      'a word in the first row of data',
      'Time,Power\n2020-01-01,off\n2020-01-02,5\n2020-01-03,6\n',
      ['Time', 'Power'],
    ],
    ['words in the second row only', 'Power,Temp\nerr,5\n3,4\n5,6\n', ['Power', 'Temp']],
    ['fewer names than cells', 'x,y\nA,1,2\nB,3,4\n', ['x', 'y']],
    ['more names than cells', 'x,y,z,w\n1,2\n3,4\n', ['x', 'y', 'z', 'w']],
    ['rows of many lengths', 'Time,Event\n1,a,b,c\n2\n3,x,y\n4,a,b,c,d\n5,q\n', ['Time', 'Event']],
    ['a comma in the name of one column', 'Power, AC\n1\n2\n', ['Power', ' AC']],
    [
      'commas in names, semicolons between',
      'Time;Power, DC;Power, AC\n1;1,5;2,5\n',
      ['Time', 'Power, DC', 'Power, AC'],
    ],
    ['pipes in names', 'Time|UTC,Power|W,Volt|V\n', ['Time|UTC', 'Power|W', 'Volt|V']],
    ['blanks in names', 'Wind speed,Air temp\n', ['Wind speed', 'Air temp']],
    ['names that are units', 'V,A\n1,2\n3,4\n', ['V', 'A']],
    ['a # as a name', '#,Time,Power\n1,2,3\n2,3,4\n', ['#', 'Time', 'Power']],
    ['hardly any data', 'a,b,c\n1,2\n', ['a', 'b', 'c']],
    ['all missing', 'a,b\nNaN,NaN\n,\n', ['a', 'b']],
    ['blanks around names', ' a , b\n1,2\n', [' a ', ' b']],
  ])('%s', async (_, body, names) => {
    expect(await found(body)).toMatchObject(table(names, { header: 1 }));
  });
});

describe('files that begin with data', () => {
  test.each<[string, string, number]>([
    ['numbers', '1,2,3\n4,5,6\n', 3],
    ['one row', '1,2,3\n', 3],
    ['times and decimal commas', '01.02.2020 00:00;1,5;2,5\n01.02.2020 00:15;1,5;2,5\n', 3],
    ['one column', '1.5\n2.5\n3.5\n', 1],
    ['a word in each row', 'A,1,2020-01-01\nB,2,2020-01-02\nC,2,2020-01-02\n', 3],
    ['a broken value first', '2020-01-01,err,5\n2020-01-02,3,5\n2020-01-03,3,5\n', 3],
  ])('%s', async (_, body, columns) => {
    const names = Array.from({ length: columns }, (_, column) => `${column}`);
    expect(await found(body)).toMatchObject({
      ...table(names, { header: null, data: 1 }),
      why: 'line 1 is data already',
    });
  });
});

describe('what cannot be told', () => {
  test.each<[string, string | Buffer, RegExp]>([
    [
      'sentences',
      'This is what was measured.\nNothing else is in this folder.\nAsk me for more of it.\n',
      /sentences/,
    ],
    ['comments only', '# a\n# b\n', /comments only/],
    [
      'rows of any length',
      'x,y\na,b,c\nd\ne,f\ng,h,i,j\nk\nl,m,n\no,p,q,r,s\n',
      /nothing tells which has the names/,
    ],
    [
      'two rows of texts above pairs',
      'Owner,Somebody\nSite,Golden\nx,y\n1,2\n3,4\n',
      /lines 1, 2 and 3 may each/,
    ],
    ['gzip without its name', Buffer.from('1f8b08000000000000', 'hex'), /compressed with gzip/],
    ['a workbook', Buffer.from('504b0304140000', 'hex'), /Excel/],
    ['a web page', '<!DOCTYPE html>\n<html>', /web page/],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n', /git lfs pull/],
    ['zeros', Buffer.from('a,b\n1,\0\0\0\0\n2,3\n'), /not text/],
  ])('%s', async (_, body, why) => {
    expect(await found(body)).toMatchObject({ kind: 'unreadable', why: expect.stringMatching(why) });
  });

  test('a .dat that is no table is one task, as any other file', async () => {
    for (const body of ['some words\nand more\n', Buffer.from([0, 1, 2, 3, 0, 255]), '', 'x\n1\n2\n'])
      expect(await found(body, {}, 'a.dat')).toEqual({ kind: 'other' });
    expect(await found('Time,Power\n1,2\n2,3\n', {}, 'a.DAT')).toMatchObject({ kind: 'table' });
  });
});

describe('what config.yaml says goes', () => {
  const body = 'Owner,Somebody\nSite,Golden\nx,y\nm,s\n1,2\n3,4\n';

  test('a line', async () => {
    expect(await found(body, { header: 3 })).toMatchObject({
      ...table(['x', 'y'], { header: 3, data: 5 }),
      why: 'config.yaml says so',
    });
    expect(await found(body, { header: 5 })).toMatchObject(table(['1', '2'], { header: 5, data: 6 }));
    expect(await found(body, { header: 6 })).toMatchObject(table(['3', '4'], { header: 6, data: null }));
    expect(await found(body, { header: 9 })).toMatchObject({
      why: expect.stringMatching(/^it has no line 9/),
    });
    expect(await found('\n\na,b\n1,2\n', { header: 1 })).toMatchObject({
      why: expect.stringMatching(/is blank/),
    });
    expect(await found('"a\nb",c\n1,2\n', { header: 1 })).toMatchObject(table(['a\nb', 'c'], { data: 3 }));
    expect(await found('x\r\ry z  w\r\n1 2 3', { header: 3 })).toMatchObject(
      table(['y', 'z', 'w'], { header: 3, delimiter: ' ' }),
    );
  });

  test('far down', async () => {
    const far = `${'about, it\n'.repeat(20_000)}t;p\n1;2\n`;
    expect(await found(far, { header: 20_001 })).toMatchObject(table(['t', 'p'], { delimiter: ';' }));
  });

  test('no names', async () => {
    expect(await found('a,b\n1,2\n3,4\n', { header: 'none' })).toMatchObject(
      table(['0', '1'], { header: null, data: 1 }),
    );
    expect(await found('# x\nT 5\nU 6\n', { header: 'none' })).toMatchObject(
      table(['0', '1'], { delimiter: ' ' }),
    );
    expect(await found('a,b\nc,d\n', { header: 'none' })).toMatchObject(table(['0', '1'], { data: 1 }));
  });

  test('comments', async () => {
    const marked = 'REM a,b\nt,p\n1,2\nREM 2,3\n3,4\n';
    expect(await found(marked, { comment: 'REM' })).toMatchObject(table(['t', 'p'], { header: 2 }));
    expect(await found('#t,p\n#x,y\n', { comment: 'none' })).toMatchObject(table(['#t', 'p'], { header: 1 }));
  });

  test('the delimiter', async () => {
    expect(await found('t^p\n1^2\n', { delimiter: '^' })).toMatchObject(
      table(['t', 'p'], { delimiter: '^' }),
    );
    expect(await found('a;b,c\n1;2,3\n', { delimiter: ',' })).toMatchObject(table(['a;b', 'c'], {}));
    expect(await found('sep=;\na;b,c\n1;2,3\n', { delimiter: ',' })).toMatchObject(table(['a;b', 'c'], {}));
  });
});

test('what is to be known of names is said', async () => {
  expect(await found('t,x,x,x,y,y\n1,2,3,4,5,6\n')).toMatchObject({
    names: ['t', 'x', 'x.1', 'x.2', 'y', 'y.1'],
    notes: ['x and 1 more stand more than once: the next is called x.1, as pandas calls it'],
  });
  expect(await found('t,,x\n1,2,3\n')).toMatchObject({ notes: ['1 column has no name, and is left out'] });
  expect(await found('t,x,\n1,2,\n')).toMatchObject({ notes: [] });
});
