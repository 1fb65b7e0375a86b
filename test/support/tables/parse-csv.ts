/** Reads the tables that a run leaves. */

/** The rows of a CSV file, each as an object by the names in its header. */
export function parseCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  // A cell, quoted or not, and what ends it.
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end === '\n') rows.push([]);
  }
  const [header = [], ...others] = rows.slice(0, -1);
  return others.map((cells) => {
    if (cells.length !== header.length)
      throw new Error(`${cells.length} cells in a table of ${header.length}: ${cells.join().slice(0, 300)}`);
    return Object.fromEntries(header.map((name, index) => [name, cells[index]!]));
  });
}

const identity = /^(?:(?:"(?:[^"]|"")*"|[^,"\n]*),){2}(?:task_id|[0-9a-f]{16})(?:,|$)/gm;

/** A results.csv without the columns that say whose row a row is: what the tasks returned. No cell may have line breaks. */
export function ownColumns(results: string): string {
  const lines = results.trimEnd().split('\n');
  if (
    !/^file_name,column_name,task_id(,|$)/.test(results) ||
    results.match(identity)?.length !== lines.length
  )
    throw new Error(`rows that are nobody's: ${results.slice(0, 300)}`);
  return results.replace(identity, '');
}
