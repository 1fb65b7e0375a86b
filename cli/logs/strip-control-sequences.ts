/**
 * Text that others have printed, so that it cannot do anything to a terminal but be read there: no moving about, no
 * clearing, no titles, no text that runs backwards.
 */

const [esc, bell, csi, terminator, reset] = ['\u001b', '\u0007', '\u009b', '\u009c', '\u001b[0m'];
/** ECMA-48: colours; strings (titles, links) up to their end; other sequences; escapes of two or three characters. */
const colour = new RegExp(`(${esc}\\[[0-9;:]*m)`);
const strings = `${esc}[\\]PX^_][^${bell}${esc}${terminator}]*(?:${bell}|${esc}\\\\|${terminator}|$)`;
const sequences = `(?:${esc}\\[|${csi})[0-?]*[ -/]*[@-~]`;
const escapes = new RegExp(`${strings}|${sequences}|${esc}[ -/]*[0-~]`, 'g');

/**
 * One line, harmless.
 * @param coloured leave colours in; they end with the line
 */
export function harmless(line: string, coloured: boolean): string {
  // Every second part is a colour.
  const parts = line.split(colour);
  const text = parts.map((part, place) => (place % 2 === 0 ? plain(part) : coloured ? part : '')).join('');
  return coloured && parts.length > 1 ? text + reset : text;
}

function plain(text: string): string {
  return text
    .replace(escapes, '')
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/\p{Cc}/gu, (control) => (control === '\t' ? control : '\ufffd'));
}
