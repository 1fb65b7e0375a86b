/** Tables of all kinds with things above them, for tests of properties. */
import fc from 'fast-check';

const delimiter = fc.constantFrom(',', ';', '\t', '|', ' ');

/** A name has a word of some letters in it, and is no date. */
const name = fc
  .tuple(
    fc.constantFrom(
      'Power',
      'ghi',
      'Leistung',
      'Soil 4"',
      'T²',
      'Inverter 1',
      'Wärme',
      '电力',
      'x_1',
      'a.b',
      'Wind (m/s)',
    ),
    fc.constantFrom('', ' (W)', ' [W/m^2]', '_avg', ' µ', ', AC', '; total', ' "quoted"', ' 2', ' | pipe'),
    fc.nat(99),
  )
  .map(([word, rest, number]) => `${word}${rest} n${number}`);

const value = fc.oneof(
  fc.integer({ min: -9999, max: 99999 }).map(String),
  fc.double({ min: -1e3, max: 1e5, noNaN: true }).map((number) => number.toFixed(3)),
  fc.constantFrom('NaN', '0', '-7999', '1.2e-3', '100'),
);

const time = fc.constantFrom<(n: number) => string>(
  (n) => `2020-01-${String(1 + (n % 28)).padStart(2, '0')}T0${n % 10}:00:00Z`,
  (n) => `${1 + (n % 12)}/${1 + (n % 28)}/2020`,
  (n) => `0${n % 10}:15:00`,
  (n) => `${20200101 + n}`,
);

const preamble = fc.constantFrom<string[]>(
  [],
  ['# made by something, version 3', '# latitude: 40.0', '#'],
  ['% one', '% two; three, four'],
  ['Station report'],
  ['Station: Golden', 'Latitude: 39.7', '', 'Owner: somebody'],
  ['', ''],
  ['Plot Title: 12'],
  ['690150,"TWENTYNINE PALMS",CA,-8.0,34.300,-116.167,626,5,5,5,5,5,5'],
  [
    'Source,Place,Town,Latitude,Longitude,Zone,Height,A,B,C,D,E,F,G',
    'X,77,-,39.5,-104.9,-7,1700,a,b,c,d,e,f,g',
  ],
);

export interface Written {
  names: string[];
  rows: string[][];
  delimiter: string;
  above: string[];
  sep: boolean;
  units: boolean;
  end: string;
}

export const table: fc.Arbitrary<Written> = fc
  .record({
    names: fc.uniqueArray(name, { minLength: 2, maxLength: 12 }),
    count: fc.integer({ min: 3, max: 30 }),
    stamp: time,
    delimiter,
    above: preamble,
    sep: fc.boolean(),
    units: fc.boolean(),
    end: fc.constantFrom('\n', '\r\n', '\r'),
    hasText: fc.boolean(),
  })
  .chain(({ names, count, stamp, hasText, ...rest }) =>
    fc
      .array(fc.array(value, { minLength: names.length, maxLength: names.length }), {
        minLength: count,
        maxLength: count,
      })
      .map((values) => ({
        ...rest,
        names: rest.delimiter === ' ' ? names.map((one) => one.replace(/[\s"]/g, '_')) : names,
        rows: values.map((row, index) => [
          stamp(index),
          ...row.slice(1).map((cell, at) => (hasText && at === 1 ? 'ok' : cell)),
        ]),
      })),
  );

/** As Python's csv writes it. */
const quoted = (cell: string, by: string) =>
  /["\r\n]/.test(cell) || cell.includes(by) ? `"${cell.replaceAll('"', '""')}"` : cell;

export function textOf({ names, rows, delimiter: by, above, sep, units, end }: Written): {
  text: string;
  header: number;
  data: number;
} {
  const lines = [...(sep && by !== ' ' ? [`sep=${by}`] : []), ...above];
  const header = lines.length + 1;
  lines.push(names.map((cell) => quoted(cell, by)).join(by));
  if (units) lines.push(names.map((_, at) => (at === 0 ? 'TS' : at % 2 ? 'W/m^2' : 'kWh')).join(by));
  const data = lines.length + 1;
  for (const row of rows) lines.push(row.map((cell) => quoted(cell, by)).join(by));
  return { text: lines.join(end) + end, header, data };
}

export const encodings = fc.constantFrom<[name: string, encode: (text: string) => Buffer]>(
  ['utf-8', (text) => Buffer.from(text)],
  ['utf-8-sig', (text) => Buffer.from(`\ufeff${text}`)],
  ['utf-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['utf-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
);

/** A line above whose words could be names: as many as there are columns; between blanks about as many. */
export const isMisleading = ({ above, delimiter: by, names }: Written, comments: boolean) =>
  above.some((line) => {
    const words = line
      .replace(by === ' ' ? /^[#% ]+/ : '', '')
      .trim()
      .split(by).length;
    return (
      (comments || !/^[#%]/.test(line)) && (by === ' ' && !comments ? words > 1 : words === names.length)
    );
  });
