/** The names of a table's columns, as pandas names them. */

export interface Names {
  names: string[];
  /** Notes for the user. */
  notes: string[];
}

/**
 * The names of a header without blank ones. Repeated names get a number, as in pandas: `x`, `x.1`, `x.2`.
 */
export function uniqueNames(cells: string[]): Names {
  // Fast path for most headers.
  if (new Set(cells).size === cells.length && !cells.includes('')) return { names: cells, notes: [] };
  const taken = new Set(cells);
  const seen = new Set<string>();
  const next = new Map<string, number>();
  const repeated: string[] = [];
  const names: string[] = [];
  for (const cell of cells) {
    if (cell === '') continue;
    let name = cell;
    if (seen.has(cell)) {
      let number = next.get(cell) ?? 1;
      while (taken.has(`${cell}.${number}`)) number++;
      name = `${cell}.${number}`;
      next.set(cell, number + 1);
      taken.add(name);
      if (number === 1 || !repeated.includes(cell)) repeated.push(cell);
    }
    seen.add(name);
    names.push(name);
  }
  const notes: string[] = [];
  if (repeated.length > 0) {
    const [first] = repeated as [string];
    const others = repeated.length > 1 ? ` and ${repeated.length - 1} more stand` : ' stands';
    notes.push(`${first}${others} more than once: the next is called ${first}.1, as pandas calls it`);
  }
  const nameless = cells.filter((cell) => cell === '').length;
  // A delimiter at the end of each line is no column.
  const trailing = cells.length - 1 - cells.findLastIndex((cell) => cell !== '');
  if (nameless > trailing)
    notes.push(
      `${nameless} columns have no name, and are left out`
        .replace(/^1 columns have/, '1 column has')
        .replace('and are', nameless === 1 ? 'and is' : 'and are'),
    );
  return { names, notes };
}

/** Names for columns without names: numbers from 0. */
export const numbered = (columns: number): string[] =>
  Array.from({ length: columns }, (_, column) => `${column}`);
