/**
 * Removes terminal control sequences from text that tasks printed: cursor movement, clearing, titles, links,
 * bidirectional overrides.
 */

const [esc, bell, csi, terminator, reset] = ['\u001b', '\u0007', '\u009b', '\u009c', '\u001b[0m'];
/** ECMA-48: colors; strings (titles, links) up to their terminator; other sequences; short escapes. */
const color = new RegExp(`(${esc}\\[[0-9;:]*m)`);
const strings = `${esc}[\\]PX^_][^${bell}${esc}${terminator}]*(?:${bell}|${esc}\\\\|${terminator}|$)`;
const sequences = `(?:${esc}\\[|${csi})[0-?]*[ -/]*[@-~]`;
const escapes = new RegExp(`${strings}|${sequences}|${esc}[ -/]*[0-~]`, 'g');

/**
 * One line without control sequences.
 * @param colored keep colors, and reset them at the end of the line
 */
export function stripControlSequences(line: string, colored: boolean): string {
  // Every second part is a color.
  const parts = line.split(color);
  const text = parts.map((part, place) => (place % 2 === 0 ? plain(part) : colored ? part : '')).join('');
  return colored && parts.length > 1 ? text + reset : text;
}

function plain(text: string): string {
  return text
    .replace(escapes, '')
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/\p{Cc}/gu, (control) => (control === '\t' ? control : '\ufffd'));
}
