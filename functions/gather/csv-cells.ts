/** Values as cells of a CSV file: RFC 4180, and nothing that a spreadsheet would run. */

const needsQuotes = /[",\r\n]/;
/** What makes a spreadsheet take a cell for a formula, also in the wide forms of East Asian keyboards. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/**
 * What begins like one and is none: signs alone; a number, perhaps with its unit. What is behind a number and begins with a
 * letter is no operator, unless it is an exponent; and nothing in it can call, address or join anything.
 */
const signs = /^[=+\-@./ ]+$/;
const measure =
  /^[+-] ?(?:\d+(?:[.,]\d+)*\.?|\.\d+)(?:[eE][+-]?\d+)?(?! ?[eE][+-]?\d)(?: ?(?:%(?:\/[\p{L}°]+)?|[\p{L}°][\p{L}\d°%²³⁻¹·/^ .-]*))?$/u;
const isHarmless = (text: string) => signs.test(text) || measure.test(text);

/** What moves a terminal's cursor, colours it or turns the direction of text; a line feed and a tab do nothing of that. */
const control = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** A text as a cell. One that would be run as a formula gets an apostrophe in front. */
export function cell(text: string): string {
  const safe = formula.test(text) && !isHarmless(text) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The same for tables that people read in a terminal: what that would act on shows as `\\x1b`. The record keeps the text. */
export function shownCell(text: string): string {
  return cell(text.replaceAll('\r\n', '\n').replace(control, escapeOf));
}

function escapeOf(character: string): string {
  if (character === '\r') return '\\r';
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}

/** Cells as a row with its newline. A row of one empty cell is written as `""`, because readers skip empty lines. */
export function row(cells: string[]): string {
  return cells.length === 1 && cells[0] === '' ? '""\n' : `${cells.join(',')}\n`;
}
