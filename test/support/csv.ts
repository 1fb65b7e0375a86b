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
