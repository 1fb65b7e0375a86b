/** Columns of text that stand below each other. */
import stringWidth from 'string-width';

export interface Column {
  head: string;
  /** Numbers stand on the right. */
  right?: boolean;
}

/** Lines of a table, the first with the columns' names. Cells may be coloured. */
export function table(columns: Column[], rows: string[][]): string[] {
  const lines = [columns.map(({ head }) => head), ...rows];
  const widths = columns.map((_, place) =>
    Math.max(...lines.map((cells) => stringWidth(cells[place] ?? ''))),
  );
  return lines.map((cells) =>
    cells
      .map((cell, place) => {
        const space = ' '.repeat(Math.max(0, (widths[place] ?? 0) - stringWidth(cell)));
        return columns[place]?.right ? space + cell : cell + space;
      })
      .join('   ')
      .trimEnd(),
  );
}
