/** The columns that `process_column_keywords` selects. */
import type { MixedKeyword, UnusedKeyword } from '../../../core/run-store/plan/plan.ts';
import { nameSearch } from './timed-search.ts';

const special = /[\\^$.*+?()[\]{}|]/g;

/** The regular expression that matches this text literally. */
const literally = (text: string) => text.replaceAll(special, '\\$&');

/** Accents may be composed or decomposed: macOS decomposes them in names of files, which programs copy. */
const composed = (text: string) => text.normalize('NFC');

interface Keyword {
  text: string;
  /** Indices of the names that the expression matches. */
  search: (names: string[]) => number[];
  /** The expression that matches it literally; the same text if it has no special characters. */
  literally: string;
}

export interface Matched {
  /** In their order. */
  names: string[];
  /** Numbers of the keywords that matched, if there are several. */
  keywords?: number[];
  /** Numbers of keywords with special characters that are a column's full name, or matched as expressions. */
  literal?: number[];
  expression?: number[];
}

/**
 * Selects columns, and records which keywords matched.
 *
 * A keyword is a regular expression that is searched in each name. A keyword with special characters that is the full name
 * of a column selects that column alone: `Power(W)`, `T+`, `GHI [W/m^2]`.
 */
export class Keywords {
  readonly #keywords: Keyword[] | null;
  #last: { names: string[]; matched: Matched } | undefined;
  readonly #used = new Set<number>();
  /** By keyword number: files in which it was a name, in which it was an expression, and the first of the latter. */
  readonly #taken = new Map<number, { names: number; expressions: number; first?: string }>();

  /** @param keywords null: every column */
  constructor(keywords: string[] | null) {
    this.#keywords =
      keywords?.map((keyword) => {
        const text = composed(keyword);
        return { text, search: nameSearch(text), literally: literally(text) };
      }) ?? null;
  }

  /** @throws ConfigInvalid if the search for a keyword times out */
  match(names: string[]): Matched {
    if (this.#keywords === null) return { names };
    // Successive files often have the same names.
    if (this.#last?.names !== names) this.#last = { names, matched: this.#match(names, this.#keywords) };
    return this.#last.matched;
  }

  #match(names: string[], keywords: Keyword[]): Matched {
    const plain = names.map(composed);
    const [only] = keywords;
    if (only && keywords.length === 1) {
      const { found, how } = columnsFor(only, plain);
      return { names: found.map((column) => names[column] as string), ...(how && { [how]: [0] }) };
    }
    const chosen = new Set<number>();
    const used: number[] = [];
    const taken = { literal: [] as number[], expression: [] as number[] };
    for (const [number, keyword] of keywords.entries()) {
      const { found, how } = columnsFor(keyword, plain);
      for (const column of found) chosen.add(column);
      if (how) taken[how].push(number);
      if (found.length > 0) used.push(number);
    }
    const matched = names.filter((_, column) => chosen.has(column));
    return {
      ...{ names: matched, keywords: used },
      ...(taken.literal.length > 0 && { literal: taken.literal }),
      ...(taken.expression.length > 0 && { expression: taken.expression }),
    };
  }

  /** Why none of these names was selected. */
  whyNone(names: string[]): string {
    const shown = `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;
    const why = `none of its ${names.length} columns matches: ${shown}`;
    for (const { text, literally: expression } of this.#keywords ?? []) {
      const name = expression === text ? undefined : names.find((one) => composed(one).includes(text));
      if (name !== undefined)
        return `${why}; ${text} is a part of ${name}: as a regular expression, write ${expression}`;
    }
    return why;
  }

  /** Records that these keywords matched. */
  use(numbers: number[]): void {
    for (const number of numbers) this.#used.add(number);
  }

  /** Records how keywords with special characters matched in a file. */
  take(file: string, { literal = [], expression = [] }: Pick<Matched, 'literal' | 'expression'>): void {
    const of = (number: number) => {
      const taken = this.#taken.get(number) ?? { names: 0, expressions: 0 };
      this.#taken.set(number, taken);
      return taken;
    };
    for (const number of literal) of(number).names++;
    for (const number of expression) {
      const taken = of(number);
      taken.expressions++;
      taken.first ??= file;
    }
  }

  /** Keywords that are a column's name in one file, and matched as an expression in another. */
  mixed(): MixedKeyword[] {
    return [...this.#taken].flatMap(([number, { names, expressions, first }]) => {
      const keyword = this.#keywords?.[number];
      if (!keyword || names === 0 || first === undefined) return [];
      return { keyword: keyword.text, literally: keyword.literally, names, expressions, first };
    });
  }

  /** If there are several keywords: those that never matched. */
  unused(): UnusedKeyword[] {
    if (this.#keywords === null || this.#keywords.length < 2) return [];
    return this.#keywords
      .filter((_, number) => !this.#used.has(number))
      .map(({ text, literally: expression }) =>
        expression === text ? { keyword: text } : { keyword: text, literally: expression },
      );
  }
}

function columnsFor(
  { text, search, literally: literal }: Keyword,
  names: string[],
): { found: number[]; how?: 'literal' | 'expression' } {
  if (literal === text) return { found: search(names) };
  const own = names.indexOf(text);
  if (own !== -1) return { found: [own], how: 'literal' };
  const found = search(names);
  return found.length > 0 ? { found, how: 'expression' } : { found };
}
