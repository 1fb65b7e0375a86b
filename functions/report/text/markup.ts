/** Markup (HTML and SVG) in which every text is escaped unless it is markup itself. */
import { printable } from './printable.ts';

/** Markup that needs no escaping any more. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | null | undefined | false | Part[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as content of an element or as a quoted attribute, in HTML and in XML. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char]!);

/** Two decimals are a quarter of a pixel's shade: more would only be weight. */
const number = (value: number) => (Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0');

function rendered(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(rendered).join('');
  if (typeof part === 'number') return number(part);
  return typeof part === 'string' ? escaped(printable(part)) : '';
}

/** Template tag: values are escaped and made printable; markup, and lists of it, go in as they are. */
export const markup = (strings: TemplateStringsArray, ...parts: Part[]): Markup =>
  new Markup(strings.reduce((text, string, i) => text + rendered(parts[i - 1]) + string));
