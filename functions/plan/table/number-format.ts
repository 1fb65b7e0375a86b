/** Detects decimal and thousands separators: `1.234,5`, `1,234.5`. */
import type { ReadCsv } from '../../../core/run-store/plan/table-layout.ts';
import { type Row, rowsOf } from './split-rows.ts';

/** Characters that are read from the first data, or from the first comma. */
const looked = 2048;

const point = /^[-+]?\d*\.\d+(?:[eE][-+]?\d+)?\s?%?$/;
const comma = /^[-+]?\d*,\d+(?:[eE][-+]?\d+)?\s?%?$/;
/** `1,234`: thousands, or a decimal comma. */
const either = /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/;
const byCommas = /^[-+]?[1-9]\d{0,2}(?:,\d{3}){2,}(?:\.\d*)?$|^[-+]?[1-9]\d{0,2}(?:,\d{3})+\.\d*$/;
const byPoints = /^[-+]?[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d*)?$|^[-+]?[1-9]\d{0,2}(?:\.\d{3})+,\d*$/;
const byOther = /^[-+]?[1-9]\d{0,2}(?:(['\u00a0\u202f ])\d{3})(?:\1\d{3})*(?:[.,]\d*)?$/;
/** `01.06.2020`, `1,2,3`, `01 06 2020`: without its signs a reader would take it for one number. */
const chain = /^\d+(?:[.,]\d+){2,}$|^\d+(?:[ \u00a0\u202f']\d+)+$/;

export type NumberFormat = Pick<ReadCsv, 'decimal' | 'thousands'>;
export const plain: NumberFormat = {};
/** Between digits, and before three of them. */
const otherSigns = /\d['\u00a0\u202f ]\d{3}(?!\d)/;

/**
 * Arguments for pandas; none if cells are ambiguous or inconsistent.
 * @param data the first row of it
 */
export function numbersAre(text: string, data: Row | null, delimiter: string): NumberFormat {
  if (data === null) return plain;
  const begin = Math.max(0, text.indexOf(data.text));
  // With commas between cells only quoted ones have others within. Before dawn there are zeros only.
  const first = text.indexOf(delimiter === ',' ? '"' : ',', begin);
  const seen = text.slice(begin, begin + looked);
  if (first === -1 && !otherSigns.test(seen)) return plain;
  const from = first < begin + looked ? begin : text.lastIndexOf('\n', first) + 1;
  const sample = from === begin ? seen : text.slice(from, from + looked);
  const complete = from + looked >= text.length;
  const { rows } = rowsOf(sample, delimiter, { complete });
  let [points, commas, unclear, inCommas, inPoints] = [0, 0, 0, 0, 0];
  const others = new Map<string, number>();
  const chains = new Set<string>();
  for (const { cells } of rows)
    for (const cell of cells) {
      const given = cell.trim();
      const code = given.charCodeAt(0);
      // Digits, and what stands before them: . , + -
      if (!((code >= 48 && code <= 57) || (code >= 43 && code <= 46))) continue;
      const [hasComma, hasPoint] = [given.includes(','), given.includes('.')];
      // Nearly all of them.
      if (hasComma && !hasPoint && comma.test(given)) {
        if (either.test(given)) unclear++;
        else commas++;
      } else if (hasPoint && !hasComma && point.test(given)) {
        if (!either.test(given)) points++;
      } else if (byCommas.test(given)) inCommas++;
      else if (byPoints.test(given)) inPoints++;
      else if (byOther.test(given)) {
        const [, sign = ''] = byOther.exec(given) ?? [];
        others.set(sign, (others.get(sign) ?? 0) + 1);
        if (hasComma) commas++;
      } else if (chain.test(given)) chains.add(/\D/.exec(given)?.[0] ?? '');
    }
  const isComma =
    commas + inPoints > 0
      ? points + inCommas === 0
      : unclear > 0 && points + inCommas === 0 && delimiter !== ',';
  const isGrouped = (sign: string, count: number, against: number) =>
    count > 0 && against === 0 && !chains.has(sign);
  const [[other, count] = ['', 0]] = others;
  const thousands = isGrouped('.', inPoints, points + inCommas)
    ? '.'
    : isGrouped(',', inCommas, commas + inPoints)
      ? ','
      : others.size === 1 && isGrouped(other, count, inCommas + inPoints)
        ? other
        : undefined;
  return { ...(isComma && { decimal: ',' }), ...(thousands && { thousands }) };
}
