/** Parses a Dockerfile into instructions, with the comments and empty lines above each. */

export interface Instruction {
  /** Comments and empty lines above it. */
  above: string[];
  /** Its lines in the file, with continuation lines and the body of a here-document. */
  lines: string[];
  /** In upper case: `RUN`. */
  name: string;
  /** The rest after the name, in one line and without comments. */
  rest: string;
}

/** @returns the instructions, and the lines below the last one */
export function parseDockerfile(text: string): { instructions: Instruction[]; below: string[] } {
  const source = text.split(/\r?\n/);
  const instructions: Instruction[] = [];
  let above: string[] = [];
  for (let at = 0; at < source.length; at++) {
    const first = source[at]!;
    if (isRemark(first)) {
      above.push(first);
      continue;
    }
    const lines = [first];
    // Comments and empty lines between continuation lines belong to the instruction.
    while (continues(lines) && at + 1 < source.length) lines.push(source[++at]!);
    const heredoc = /^\s*(?:RUN|COPY|ADD)\b.*<<-?\s*(["']?)(\w+)\1/i.exec(lines.join(' '))?.[2];
    if (heredoc) while (at + 1 < source.length && lines.at(-1)!.trim() !== heredoc) lines.push(source[++at]!);
    instructions.push({ above, lines, ...nameAndRest(lines) });
    above = [];
  }
  return { instructions, below: above };
}

const isRemark = (line: string) => /^\s*(#|$)/.test(line);

/** Whether the last line that is not a comment ends with a backslash. */
function continues(lines: string[]): boolean {
  return lines
    .findLast((line, index) => index === 0 || !isRemark(line))!
    .trimEnd()
    .endsWith('\\');
}

function nameAndRest(lines: string[]): { name: string; rest: string } {
  const whole = lines
    .filter((line, index) => index === 0 || !isRemark(line))
    .map((line) => line.trim().replace(/\\$/, '').trim())
    .join(' ');
  const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(whole) ?? [];
  return { name: name.toUpperCase(), rest };
}
