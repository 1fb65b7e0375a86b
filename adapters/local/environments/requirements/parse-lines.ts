/** A requirements file as pip reads it: encodings, continued lines, comments, options. */

export interface Line {
  /** Without comments, trimmed, never empty. */
  text: string;
  /** Number of its first line in the file, from 1. */
  number: number;
}

/** Text of a file in UTF-8, or in UTF-16 with its mark (as PowerShell's `pip freeze > requirements.txt` writes it). */
export function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** Its physical lines, whatever ends them. */
export const physicalLines = (text: string): string[] => text.split(/\r\n|\r|\n/);

/** Its logical lines: those that a backslash continues are one; comments and empty lines are none. */
export function logicalLines(text: string): Line[] {
  const lines: Line[] = [];
  let begun: Line | undefined;
  for (const [index, physical] of physicalLines(text).entries()) {
    const comment = /^\s*#/.test(physical);
    const line: Line = {
      text: (begun?.text ?? '') + (comment ? ' ' : '') + physical,
      number: begun?.number ?? index + 1,
    };
    const continues = physical.endsWith('\\') && !comment;
    begun = continues ? { ...line, text: line.text.slice(0, -1) } : undefined;
    if (!continues) lines.push(line);
  }
  if (begun) lines.push(begun);
  return lines
    .map(({ text, number }) => ({ text: text.replace(/(^|\s+)#.*$/s, '').trim(), number }))
    .filter(({ text }) => text !== '');
}

/** The words of a line of options; quotes and backslashes as in a shell. */
export function words(text: string): string[] {
  const found = text.match(/(?:\\.|"(?:\\.|[^"])*"|'[^']*'|[^\s"'\\])+/gs) ?? [];
  return found.map((word) =>
    word.replace(
      /\\(.)|"((?:\\.|[^"])*)"|'([^']*)'/gs,
      (_, bare, double, single) => (bare ?? double?.replace(/\\(["\\])/g, '$1') ?? single) as string,
    ),
  );
}

/** A word as it must be written to be read again as it is. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./~!<>\-[\]{}$&?*]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
