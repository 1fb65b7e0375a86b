import { describe, expect, test } from '@jest/globals';
import { Keywords } from '../../../../../functions/plan/columns/column-keywords.ts';

const matched = (names: string[], keywords: string[] | null) => new Keywords(keywords).match(names).names;

describe('columns are chosen', () => {
  const names = ['Time', 'Power(W)', 'power_2', 'Temp', 'Power'];

  test.each<[string, string[] | null, string[]]>([
    ['a part of a name', ['Power'], ['Power(W)', 'Power']],
    ['any of several', ['[Pp]ower', '^Temp$'], ['Power(W)', 'power_2', 'Temp', 'Power']],
    ['all', null, names],
    ['a whole name with special characters', ['Power(W)'], ['Power(W)']],
    ['the same as a regular expression', ['Power\\(W\\)'], ['Power(W)']],
    ['several, in the order of the file', ['Temp', 'Power(W)'], ['Power(W)', 'Temp']],
    ['none', ['Sun'], []],
  ])('%s', (_, keywords, expected) => {
    expect(matched(names, keywords)).toEqual(expected);
  });

  test('a name that means something else as an expression is that name alone', () => {
    expect(matched(['Time', 'T+', 'T'], ['T+'])).toEqual(['T+']);
    expect(matched(['Time', 'T'], ['T+'])).toEqual(['Time', 'T']);
    expect(matched(['GHI [W/m^2]', 'GHI Units'], ['GHI [W/m^2]'])).toEqual(['GHI [W/m^2]']);
    expect(matched(['a.b', 'axb'], ['a.b'])).toEqual(['a.b']);
  });

  test('one that is a name here and an expression there is told', () => {
    const keywords = new Keywords(['T+', 'Power', 'a.b']);
    const files = { 'a.csv': ['T+', 'a.b'], 'b.csv': ['Time', 'Power'], 'c.csv': ['T'], 'd.csv': ['x'] };
    for (const [file, names] of Object.entries(files)) keywords.take(file, keywords.match(names));
    expect(keywords.mixed()).toEqual([
      { keyword: 'T+', literally: 'T\\+', names: 1, expressions: 2, first: 'b.csv' },
    ]);
    const only = new Keywords(['T+']);
    for (const [file, names] of Object.entries(files)) only.take(file, only.match(names));
    expect(only.mixed()).toMatchObject([{ names: 1, expressions: 2 }]);
  });

  test('accents are the same however they are written', () => {
    const [one, two] = ['Leistung Süd'.normalize('NFC'), 'Leistung Süd'.normalize('NFD')];
    for (const name of [one, two])
      for (const keyword of [one, two, 'Süd$'.normalize('NFC'), '^L.*S\u0075\u0308d$'])
        expect(matched(['Zeit', name], [keyword])).toEqual([name]);
  });
});

test('of several keywords those of no use are known, with what would find them', () => {
  const keywords = new Keywords(['Power', 'Irradiance', 'GHI [W/m^2]', 'Temp']);
  for (const names of [['Power', 'x'], ['Temp'], []]) keywords.use(keywords.match(names).keywords ?? []);
  expect(keywords.unused()).toEqual([
    { keyword: 'Irradiance' },
    { keyword: 'GHI [W/m^2]', literally: 'GHI \\[W/m\\^2\\]' },
  ]);
  expect(new Keywords(['Power']).unused()).toEqual([]);
  expect(new Keywords(null).unused()).toEqual([]);
});

test('the reason says how to write what stands in a name', () => {
  const names = ['Time', 'AC Power(W)'];
  expect(new Keywords(['Power(W)']).whyNone(names)).toBe(
    'none of its 2 columns matches: Time, AC Power(W); Power(W) is a part of AC Power(W): as a regular expression, write Power\\(W\\)',
  );
  expect(matched(names, ['Power\\(W\\)'])).toEqual(['AC Power(W)']);
  expect(new Keywords(['Sun']).whyNone(names)).toBe('none of its 2 columns matches: Time, AC Power(W)');
});
