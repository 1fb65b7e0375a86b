/** Shell patterns on object keys, as Python's `fnmatch` reads them (the predecessor's users know it so). */

/**
 * A test for keys: `*` any characters, `/` too; `?` one; `[ab]`, `[a-z]`, `[!a]` one of (or none of) a set.
 * A bracket that is never closed stands for itself. Accents count as the same however they are written.
 */
export function keyMatcher(given: string): (key: string) => boolean {
  const pattern = given.normalize('NFC');
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const set = /^\[(!?)(\]?[^\]]*)\]/s.exec(pattern.slice(at));
    const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    if (set?.[2]) {
      source += `[${set[1] ? '^' : ''}${set[2].replace(/[\\\]^[&~]/g, '\\$&')}]`;
      at += set[0].length;
    } else {
      source +=
        character === '*'
          ? '.*'
          : character === '?'
            ? '.'
            : character.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
      at += character.length;
    }
  }
  const expression = new RegExp(`^${source}$`, 'su');
  return (key) => expression.test(key.normalize('NFC'));
}
