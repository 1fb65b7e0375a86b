/** Names of text encodings. */

/** Python's name of an encoding; undefined for an unknown one. */
export function encodingOf(name: string): string | undefined {
  const plain = name.trim().toLowerCase().replaceAll('_', '-');
  const known = pythonNames[plain];
  if (known !== undefined) return known;
  try {
    return new TextDecoder(plain).encoding === 'replacement' ? undefined : plain;
  } catch {
    return undefined;
  }
}

const pythonNames: Record<string, string> = {
  utf8: 'utf-8',
  'utf-8-sig': 'utf-8-sig',
  utf16: 'utf-16',
  'utf-16': 'utf-16',
  'utf-16le': 'utf-16-le',
  'utf-16-le': 'utf-16-le',
  'utf-16be': 'utf-16-be',
  'utf-16-be': 'utf-16-be',
  utf32: 'utf-32',
  'utf-32': 'utf-32',
  'utf-32-le': 'utf-32-le',
  'utf-32le': 'utf-32-le',
  'utf-32-be': 'utf-32-be',
  'utf-32be': 'utf-32-be',
  'windows-1252': 'cp1252',
  ansi: 'cp1252',
  latin1: 'latin-1',
  'latin-1': 'latin-1',
  'iso-8859-1': 'latin-1',
  'shift-jis': 'shift_jis',
  'euc-jp': 'euc_jp',
};
