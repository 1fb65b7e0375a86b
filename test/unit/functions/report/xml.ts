/** A strict check of markup, so that no library is needed for it. */

/** Throws unless the text is well-formed: tags match, attributes are quoted and differ, text is escaped. */
export function checkXml(text: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const token = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) throw new Error(`not well-formed at ${JSON.stringify(text.slice(at, at + 80))}`);
    const [whole, closing, name, attributes = '', empty] = match;
    if (/&(?!(amp|lt|gt|quot|#\d+);)/.test(whole)) throw new Error(`a bare & in ${whole.slice(0, 80)}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids just these.
    if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(whole)) throw new Error('a control character');
    const keys = Array.from(attributes.matchAll(/([\w:-]+)="/g), ([, key]) => key);
    if (new Set(keys).size < keys.length) throw new Error(`an attribute twice in ${whole.slice(0, 80)}`);
    if (name === undefined) continue;
    if (closing) {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      names.push(name);
      if (!empty) open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open}`);
  return names;
}
