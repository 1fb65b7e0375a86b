/** Values as cells of a CSV file: RFC 4180, and nothing that a spreadsheet would run. */

const needsQuotes = /[",\r\n]/;
/** What makes a spreadsheet take a cell for a formula. */
const formula = /^[=+\-@\t\r]/;
const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A text as a cell. One that would be run as a formula gets an apostrophe in front; negative numbers do not. */
export function cell(text: string): string {
  const safe = formula.test(text) && !number.test(text) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Cells as a row with its newline. A row of one empty cell is written as `""`, because readers skip empty lines. */
export function row(cells: string[]): string {
  return cells.length === 1 && cells[0] === '' ? '""\n' : `${cells.join(',')}\n`;
}
