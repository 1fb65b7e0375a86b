/** The first record of a table: its column names. */

/** Of delimiters that occur equally often the first wins: commas stand in names and numbers, too. */
const delimiters = ['\t', ';', ','] as const;

/**
 * Splits the first record of a delimited text (RFC 4180: quotes may hold delimiters, newlines and doubled quotes).
 * The delimiter is the one among comma, tab and semicolon that occurs most outside of quotes.
 * Blank lines before it are passed over.
 * @param text the beginning of the file, without a byte order mark
 * @param complete whether `text` is the whole file
 * @returns the fields; undefined when the record does not end within `text`
 */
export function firstRecord(text: string, complete: boolean): string[] | undefined {
  const start = /^[\r\n]*/.exec(text)?.[0].length ?? 0;
  const counts = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  let end = start;
  for (; end < text.length; end++) {
    const character = text[end] as string;
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n' || character === '\r') break;
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  if (end === text.length && !complete) return undefined;
  const record = text.slice(start, end);
  if (record === '') return [];
  const [delimiter] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best));
  return split(record, delimiter);
}

function split(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  for (let at = 0; at <= record.length; ) {
    let field = '';
    if (record[at] === '"') {
      for (at++; at < record.length; at++) {
        if (record[at] !== '"') field += record[at];
        else if (record[at + 1] === '"') field += record[at++];
        else break;
      }
      at++;
    }
    // What follows a closing quote belongs to the field, as Python's csv has it.
    const next = record.indexOf(delimiter, at);
    const stop = next === -1 ? record.length : next;
    fields.push(field + record.slice(at, stop));
    at = stop + 1;
  }
  return fields;
}
