import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cell, row, shownCell } from '../../../../functions/gather/csv-cells.ts';
import { UnionRows } from '../../../../functions/gather/growing-tables.ts';
import { forEachField } from '../../../../functions/gather/record-fields.ts';
import { Scratch } from '../../../../functions/gather/spill-buffer.ts';

const fieldsOf = (json: string) => {
  // As a map: a field may be called __proto__.
  const fields = new Map<string, string>();
  expect(forEachField(json, 0, (name, value) => fields.set(name, value))).toBe(json.length);
  return fields;
};
const map = (object: object) => new Map(Object.entries(object));

describe('cells', () => {
  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['\tx', "'\tx"],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['\r=x', '"\'\r=x"'],
    ['\n=x', '"\'\n=x"'],
    ['\uff1d1+1', "'\uff1d1+1"],
    ['\uff0b1', "'\uff0b1"],
    ['\uff0d1', "'\uff0d1"],
    ['\uff20a', "'\uff20a"],
    ['-', '-'],
    ['+', '+'],
    ['-5', '-5'],
    ['--5', "'--5"],
    ['-5.2', '-5.2'],
    ['+1e-3', '+1e-3'],
    ['-5 W', '-5 W'],
    ['-5.2kW', '-5.2kW'],
    ['+12 %', '+12 %'],
    ['-0.41 %/°C', '-0.41 %/°C'],
    ['-3 W/m²', '-3 W/m²'],
    ['-3.5 W m-2', '-3.5 W m-2'],
    ['-1e3 µmol m⁻² s⁻¹', '-1e3 µmol m⁻² s⁻¹'],
    ['- 5 W', '- 5 W'],
    ['-5,2', '"-5,2"'],
    ['--', '--'],
    ['-.-', '-.-'],
    ['+/-', '+/-'],
    ['@', '@'],
    ['=', '='],
    // What could be run, or reads another cell.
    ['@x', "'@x"],
    ['+A1', "'+A1"],
    ['-A1', "'-A1"],
    ['- A1', "'- A1"],
    ['@SUM(1)', "'@SUM(1)"],
    ['-cmd()', "'-cmd()"],
    ["-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"],
    ["-1 cmd|' /C calc'!A0", "'-1 cmd|' /C calc'!A0"],
    ['+1 x|y!z', "'+1 x|y!z"],
    ['-5/A1', "'-5/A1"],
    ['-5%/A1', "'-5%/A1"],
    ['-5 %/A1', "'-5 %/A1"],
    ['-5e2/A1', "'-5e2/A1"],
    ['-5e2-A1', "'-5e2-A1"],
    ['-5*A1', "'-5*A1"],
    ['-5^A1', "'-5^A1"],
    ['-5:30', "'-5:30"],
    ['-1 W+A1', "'-1 W+A1"],
    ['-1 W(A1)', "'-1 W(A1)"],
    ['+1 W&A1', "'+1 W&A1"],
    ['-5 W\n=x', '"\'-5 W\n=x"'],
    ['-"a"', '"\'-""a"""'],
    ['-{1}', "'-{1}"],
    ['-#REF!', "'-#REF!"],
    ['\t-', "'\t-"],
    ['\uff0d5 W', "'\uff0d5 W"],
    ['', ''],
  ])('%j is written as %j', (text, written) => {
    expect(cell(text)).toBe(written);
  });

  test.each([
    ['\u001b[2J\u001b]0;title\u0007', '\\x1b[2J\\x1b]0;title\\x07'],
    ['a\rb\r\nc\td', '"a\\rb\nc\td"'],
    ['\u009b1m\u007f\u0000', '\\x9b1m\\x7f\\x00'],
    ['abc\u202edcba', 'abc\\u202edcba'],
    ['\u001b=1+1', '\\x1b=1+1'],
    ['\t=1', "'\t=1"],
    ['Zürich 😀', 'Zürich 😀'],
  ])('%j is shown as %j', (text, written) => {
    expect(shownCell(text)).toBe(written);
  });

  test('a row of one empty cell is no empty line', () => {
    expect(row([''])).toBe('""\n');
    expect(row(['', ''])).toBe(',\n');
  });
});

describe('fields of a result', () => {
  test('keep their digits', () => {
    const json =
      '{"a":1.0,"b":1e-05,"c":123456789012345678901234567890,"d":-0.1,"e":null,"f":true,"g":false}';
    expect(fieldsOf(json)).toEqual(
      map({
        a: '1.0',
        b: '1e-05',
        c: '123456789012345678901234567890',
        d: '-0.1',
        e: '',
        f: 'True',
        g: 'False',
      }),
    );
  });

  test('text and nested values', () => {
    expect(fieldsOf('{"a":"x\\"y\\\\","b":{"c":["}",1]},"d,":[],"e":"\\u00e9","f":""}')).toEqual(
      map({
        a: '"x""y\\"',
        b: '"{""c"":[""}"",1]}"',
        'd,': '[]',
        e: 'é',
        f: '',
      }),
    );
  });

  test('any object that JSON can hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const expected = new Map<string, string>(
          Object.entries(JSON.parse(JSON.stringify(value)) as Record<string, unknown>).map(
            ([name, one]): [string, string] => {
              if (typeof one === 'string') return [name, cell(one)];
              if (one === null) return [name, ''];
              if (typeof one === 'boolean') return [name, one ? 'True' : 'False'];
              return [name, typeof one === 'object' ? cell(JSON.stringify(one)) : JSON.stringify(one)];
            },
          ),
        );
        expect(fieldsOf(JSON.stringify(value))).toEqual(expected);
      }),
    );
  });
});

describe('a table of results', () => {
  const written = (rows: Record<string, string>[]) => {
    using table = new UnionRows();
    for (const fields of rows)
      table.add((set) => {
        for (const [name, value] of Object.entries(fields)) set(name, cell(value));
      });
    return Buffer.concat([...table.chunks()]).toString();
  };

  test('has the union of the columns, in order of first appearance', () => {
    expect(written([{ a: '1' }, { b: '2', a: '3' }, { c: 'x\n"y' }, { a: '4' }])).toBe(
      'a,b,c\n1,,\n3,2,\n,,"x\n""y"\n4,,\n',
    );
  });

  test('rows without fields are rows', () => {
    expect(written([{}, {}])).toBe('\n""\n""\n');
    expect(written([{}, { a: '1', b: '2' }, {}])).toBe('a,b\n"",\n1,2\n,\n');
  });

  test('pads over the borders of blocks', () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => ({ a: `"line"\nof ${n} ${'é'.repeat(n % 50)}` }));
    const text = written([...rows, { a: 'z', b: '1' }]);
    expect(text).toBe(`a,b\n${rows.map(({ a }) => `${cell(a)},\n`).join('')}z,1\n`);
  });
});

test('scratch gives back what was written, also beyond what stays in memory', () => {
  using scratch = new Scratch();
  const piece = Buffer.alloc(700_001);
  const offsets: number[] = [];
  for (let n = 0; n < 60; n++) {
    piece.writeUInt32LE(n, 0);
    piece.writeUInt32LE(n, piece.length - 4);
    offsets.push(scratch.length);
    scratch.append(piece);
  }
  scratch.appendText('ende é');
  for (const n of [0, 59, 23, 24, 35, 1, 58]) {
    const found = scratch.read(offsets[n] as number, piece.length);
    expect([found.readUInt32LE(0), found.readUInt32LE(piece.length - 4), found.length]).toEqual([
      n,
      n,
      piece.length,
    ]);
  }
  expect(scratch.read(scratch.length - 7, 7).toString()).toBe('ende é');
  expect([...scratch.chunks()].reduce((sum, chunk) => sum + chunk.length, 0)).toBe(scratch.length);
});
