/** Values as cells of a CSV file: RFC 4180, without formulas that a spreadsheet would run. */

const needsQuotes = /[",\r\n]/;
/** What makes a spreadsheet read a cell as a formula, also full-width forms. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/**
 * What starts like a formula and is harmless: signs alone; a number, perhaps with a unit. A letter after a number is no
 * operator, except as an exponent; and nothing in a unit can call, address or join anything.
 */
const signs = /^[=+\-@./ ]+$/;
const measure =
  /^[+-] ?(?:\d+(?:[.,]\d+)*\.?|\.\d+)(?:[eE][+-]?\d+)?(?! ?[eE][+-]?\d)(?: ?(?:%(?:\/[\p{L}°]+)?|[\p{L}°][\p{L}\d°%²³⁻¹·/^ .-]*))?$/u;
const isHarmless = (text: string) => signs.test(text) || measure.test(text);

/** Control characters that move a terminal's cursor, colour text or change its direction. */
const control = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** A text as a cell. A formula gets a leading apostrophe. */
export function cell(text: string): string {
  const safe = formula.test(text) && !isHarmless(text) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The same with control characters escaped as `\\x1b`, for tables that are read in a terminal. The record keeps the text. */
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
