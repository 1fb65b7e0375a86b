/**
 * The last line of a terminal, written anew again and again.
 *
 * The cursor rests in the first column of the line: when the terminal is made narrower and breaks the line, the cursor
 * stays with the line's beginning, and what is cleared from there on is all of it. Were it at the line's end, the rows
 * before would stay. It is never hidden, so that it need not be brought back when the process is killed.
 */
const clearBelow = '\u001b[J';

export interface Output {
  readonly columns?: number;
  write(text: string): unknown;
}

export class LiveLine {
  readonly #output: Output;
  #shown = '';
  /** Columns when the line was written. */
  #columns = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Columns that a line may take. In the last one some terminals begin a new row. */
  get width(): number {
    return this.#terminalColumns - 1;
  }

  get #terminalColumns(): number {
    // A terminal that does not know its size says 0.
    return this.#output.columns || 80;
  }

  /** Shows a line that is at most `width` wide, unless it is there already. */
  show(line: string): void {
    const columns = this.#terminalColumns;
    if (line === this.#shown && columns === this.#columns) return;
    this.#shown = line;
    this.#columns = columns;
    this.#output.write(`\r${line}${clearBelow}\r`);
  }

  /** Lines that stay, above the live one. */
  print(lines: string): void {
    const again = this.#shown === '' ? '' : `${this.#shown}\r`;
    // What is there may be of a wider terminal than now: then the next tick writes it.
    const isAsWide = this.#columns === this.#terminalColumns;
    if (!isAsWide) this.#shown = '';
    this.#output.write(`\r${clearBelow}${lines}\n${isAsWide ? again : ''}`);
  }

  clear(): void {
    if (this.#shown === '') return;
    this.#shown = '';
    this.#output.write(`\r${clearBelow}`);
  }
}
