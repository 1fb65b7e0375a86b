/** Checks of the regular expressions in `process_column_keywords`. They run in JavaScript, not in Python. */

/** What is wrong with a regular expression, as the end of a sentence; null if it is valid. */
export function expressionFault(source: string): string | null {
  if (/\p{Cc}/u.test(source)) {
    return `has a control character in it: between double quotes YAML turns \\b into one; write it between single quotes, '…'`;
  }
  // JavaScript would silently match the letters A and Z.
  const anchor = /(?<!\\)(?:\\\\)*\\([AZ])/.exec(source)?.[1];
  if (anchor) {
    return `has Python's \\${anchor}, which JavaScript's regular expressions do not know: write ${anchor === 'A' ? '^' : '$'}`;
  }
  try {
    new RegExp(source);
    return null;
  } catch (error) {
    const reason = (error as Error).message.replace(/^Invalid regular expression: \/.*\/\w*: /s, '');
    return `is not a regular expression (as JavaScript writes them): ${reason}${advice(source)}`;
  }
}

function advice(source: string): string {
  if (/\(\?[aiLmsux]+[):]/.test(source))
    return "; Python's (?i) is not known here: write [Pp]ower for both cases";
  if (source.includes('(?P')) return "; Python's (?P<name>…) is written (?<name>…)";
  if (/^[*+?]/.test(source)) return '; it is not a shell pattern: .* stands for any text';
  return '';
}
