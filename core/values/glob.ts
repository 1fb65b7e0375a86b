/** Shell patterns on object keys: Python's `fnmatch`, which the predecessor used, with braces and `**` as in shells. */
import { UsageError } from '../errors/errors.ts';

/** Code points from and to; a character is a range of one. */
type Range = [from: number, to: number];
/** `*`, or what one character may be; null: any. */
type Part = '*' | { ranges: Range[] | null; isNegated: boolean };

/** Each alternative is tried on each key. */
const maxAlternatives = 256;

/**
 * A test for keys, by one pattern or several: `*` any characters, `/` too; `?` one; `[ab]`, `[a-z]`, `[!a]` one of (or none
 * of) a set; `{a,b}` either; `**` and a slash any folders or none. Unclosed brackets and braces, and braces without a comma,
 * are literal. Composed and decomposed accents match each other. Takes at most the product of the lengths of pattern and key.
 * @param options.anyCase ignore case
 * @throws UsageError for a pattern with a fault
 */
export function keyMatcher(
  given: string | readonly string[],
  { anyCase = false } = {},
): (key: string) => boolean {
  const plain = (text: string) => (anyCase ? text.toLowerCase() : text).normalize('NFC');
  const alternatives = [given].flat().flatMap((one) => {
    const fault = patternFault(one);
    if (fault !== null) throw new UsageError(`the pattern ${JSON.stringify(one)} ${fault}`);
    return alternativesOf(plain(one)).map(partsOf);
  });
  return (key) => {
    const text = plain(key);
    return alternatives.some((parts) => matches(parts, text));
  };
}

/** What is wrong with a pattern, as the end of a sentence; null if it is valid. */
export function patternFault(given: string): string | null {
  const alternatives = alternativesOf(given.normalize('NFC'), maxAlternatives + 1);
  if (alternatives.length > maxAlternatives)
    return `stands for more than ${maxAlternatives} patterns: write fewer braces or **`;
  for (const part of alternatives.flatMap(partsOf))
    for (const [from, to] of (part !== '*' && part.ranges) || [])
      if (from > to) {
        const [first, last] = [from, to].map((point) => String.fromCodePoint(point));
        return `has the range ${first}-${last} in brackets, which is out of order: write ${last}-${first}`;
      }
  return null;
}

/** Expands braces and optional folders. @param most maximum number of results */
export function alternativesOf(pattern: string, most = Number.POSITIVE_INFINITY): string[] {
  const found = new Set<string>();
  const waiting = [pattern.replace(/^(?:\.\/+)+/, '')];
  while (waiting.length > 0 && found.size + waiting.length <= most) {
    const next = waiting.pop() as string;
    const options = bracesOf(next) ?? foldersOf(next);
    if (options) waiting.push(...options.toReversed());
    else found.add(next);
  }
  return [...found, ...waiting].slice(0, most);
}

/** Expands the first braces. */
function bracesOf(pattern: string): string[] | undefined {
  const open: { at: number; commas: number[] }[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '[') at += (setAt(pattern, at)?.[0].length ?? 1) - 1;
    else if (character === '{') open.push({ at, commas: [] });
    else if (character === ',') open.at(-1)?.commas.push(at);
    else if (character === '}') {
      const braces = open.pop();
      if (!braces || braces.commas.length === 0) continue;
      const ends = [...braces.commas, at];
      const [before, after] = [pattern.slice(0, braces.at), pattern.slice(at + 1)];
      return ends.map((end, n) => before + pattern.slice((ends[n - 1] ?? braces.at) + 1, end) + after);
    }
  }
  return undefined;
}

/** Expands the first `**` and slash: with folders, and without. */
function foldersOf(pattern: string): string[] | undefined {
  const found = /(^|\/)(?:\*\*\/)+/.exec(pattern);
  if (!found) return undefined;
  const [before, after] = [
    pattern.slice(0, found.index) + found[1],
    pattern.slice(found.index + found[0].length),
  ];
  return [before + after, `${before}*/${after}`];
}

/** A set in brackets that starts here. */
const setAt = (pattern: string, at: number) => /^\[(!?)(\]?[^\]]*)\]/s.exec(pattern.slice(at));

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; ) {
    const set = pattern[at] === '[' ? setAt(pattern, at) : null;
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

/** A hyphen at either end is literal. */
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

/** Backtracks to the last star only, which suffices for `*`. */
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
