/** Shell patterns on object keys, as Python's `fnmatch` reads them (the predecessor's users know it so). */
import { UsageError } from './errors.ts';

/** Code points from and to; a character is a range of one. */
type Range = [from: number, to: number];
/** `*`, or what one character may be; null: any. */
type Part = '*' | { ranges: Range[] | null; isNegated: boolean };

/**
 * A test for keys: `*` any characters, `/` too; `?` one; `[ab]`, `[a-z]`, `[!a]` one of (or none of) a set.
 * A bracket that is never closed stands for itself. Accents count as the same however they are written. The time it takes grows with the lengths of pattern and key only.
 * @throws UsageError for a pattern with a fault
 */
export function keyMatcher(given: string): (key: string) => boolean {
  const pattern = given.normalize('NFC');
  const fault = patternFault(pattern);
  if (fault !== null) throw new UsageError(`the pattern ${JSON.stringify(pattern)} ${fault}`);
  const parts = partsOf(pattern);
  return (key) => matches(parts, key.normalize('NFC'));
}

/** What is wrong with a pattern, as the end of a sentence; null when nothing is. */
export function patternFault(pattern: string): string | null {
  for (const part of partsOf(pattern))
    for (const [from, to] of (part !== '*' && part.ranges) || [])
      if (from > to) {
        const [first, last] = [from, to].map((point) => String.fromCodePoint(point));
        return `has the range ${first}-${last} in brackets, which is out of order: write ${last}-${first}`;
      }
  return null;
}

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; ) {
    const set = /^\[(!?)(\]?[^\]]*)\]/s.exec(pattern.slice(at));
    const point = pattern.codePointAt(at) ?? 0;
    const character = String.fromCodePoint(point);
    if (set?.[2]) {
      parts.push({ ranges: rangesOf(set[2]), isNegated: set[1] === '!' });
      at += set[0].length;
      continue;
    }
    if (character !== '*')
      parts.push({ ranges: character === '?' ? null : [[point, point]], isNegated: false });
    // Several in a row are one.
    else if (parts.at(-1) !== '*') parts.push('*');
    at += character.length;
  }
  return parts;
}

/** A hyphen at either end stands for itself. */
function rangesOf(set: string): Range[] {
  const points = Array.from(set, (character) => character.codePointAt(0) ?? 0);
  const hyphen = 0x2d;
  const ranges: Range[] = [];
  for (let at = 0; at < points.length; ) {
    const [from = 0, between, to] = points.slice(at, at + 3);
    const isRange = between === hyphen && to !== undefined;
    ranges.push([from, isRange ? to : from]);
    at += isRange ? 3 : 1;
  }
  return ranges;
}

/** What a star has taken so far is all that is ever taken back: an earlier one need not be tried again. */
function matches(parts: Part[], key: string): boolean {
  let [part, at] = [0, 0];
  let star: { part: number; at: number } | undefined;
  while (at < key.length) {
    const wanted = parts[part];
    const point = key.codePointAt(at) ?? 0;
    if (wanted === '*') {
      star = { part: ++part, at };
    } else if (wanted && isOne(wanted, point)) {
      part++;
      at += point > 0xffff ? 2 : 1;
    } else if (star) {
      star.at += (key.codePointAt(star.at) ?? 0) > 0xffff ? 2 : 1;
      [part, at] = [star.part, star.at];
    } else return false;
  }
  return parts.slice(part).every((rest) => rest === '*');
}

const isOne = ({ ranges, isNegated }: Exclude<Part, '*'>, point: number): boolean =>
  ranges === null || ranges.some(([from, to]) => point >= from && point <= to) !== isNegated;
