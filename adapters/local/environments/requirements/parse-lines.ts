/** Parses a requirements file like pip: encoding, line continuations, comments, options. */

export interface Line {
  /** Without comments, trimmed, never empty. */
  text: string;
  /** Line number of its first line in the file, from 1. */
  number: number;
}

/** Decodes UTF-8, or UTF-16 with a byte order mark (as PowerShell's `pip freeze > requirements.txt` writes it). */
export function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** Physical lines, with any line ends. */
export const physicalLines = (text: string): string[] => text.split(/\r\n|\r|\n/);

/** Logical lines: joins lines that a backslash continues, skips comments and empty lines. */
export function logicalLines(text: string): Line[] {
  const lines: Line[] = [];
  let open: Line | undefined;
  for (const [index, physical] of physicalLines(text).entries()) {
    const comment = /^\s*#/.test(physical);
    const line: Line = {
      text: (open?.text ?? '') + (comment ? ' ' : '') + physical,
      number: open?.number ?? index + 1,
    };
    const continues = physical.endsWith('\\') && !comment;
    open = continues ? { ...line, text: line.text.slice(0, -1) } : undefined;
    if (!continues) lines.push(line);
  }
  if (open) lines.push(open);
  return lines
    .map(({ text, number }) => ({ text: text.replace(/(^|\s+)#.*$/s, '').trim(), number }))
    .filter(({ text }) => text !== '');
}

/** Splits a line of options into words, with quotes and backslashes as in a shell. */
export function words(text: string): string[] {
  const found = text.match(/(?:\\.|"(?:\\.|[^"])*"|'[^']*'|[^\s"'\\])+/gs) ?? [];
  return found.map((word) =>
    word.replace(
      /\\(.)|"((?:\\.|[^"])*)"|'([^']*)'/gs,
      (_, bare, double, single) => (bare ?? double?.replace(/\\(["\\])/g, '$1') ?? single) as string,
    ),
  );
}

/** Quotes a word so that `words` reads it unchanged. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./~!<>\-[\]{}$&?*]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
