/** What the YAML parser complains about, in plain words. */
import type { YAMLError } from 'yaml';

const quote = `text with any of : # [ ] { } * & ! % @ in it belongs between single quotes, such as 'a: b'`;

const words: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'there is a tab at the beginning of the line: YAML wants spaces there',
  BAD_INDENT:
    'the line begins in the wrong column: keys of the same level begin in the same column, and brackets must be closed',
  BAD_DQ_ESCAPE:
    'a backslash between double quotes means something else in YAML: write the text between single quotes',
  BAD_SCALAR_START: 'this sign cannot begin a text in YAML: write the text between single quotes',
  BAD_ALIAS: 'a * begins a reference in YAML: write the text in quotes, such as "*"',
  BLOCK_AS_IMPLICIT_KEY: `there are two keys in one line, or a line is indented too far; ${quote}`,
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after the key, or a line is indented too far',
  UNEXPECTED_TOKEN: `this is not expected here; ${quote}`,
  MULTIPLE_DOCS: 'a second document begins here: remove the line ---',
  RESOURCE_EXHAUSTION: 'values are nested too deeply',
};

/** Errors after which the rest of the file is still understood as it was meant. */
const harmless = new Set<YAMLError['code']>([
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
  'BAD_ALIAS',
  'TAG_RESOLVE_FAILED',
]);

/** A sentence on an error of the parser: what is wrong, and how to fix it. */
export function explainSyntax({ code, message }: YAMLError): string {
  if (code === 'TAG_RESOLVE_FAILED')
    return `${message.replace('Unresolved tag: ', 'the tag ')} has no meaning here: remove it`;
  return words[code] ?? `this is not YAML: ${message}`;
}

/** Whether nothing can be said about the values, because the structure is broken. */
export const isFatal = ({ code }: YAMLError) => !harmless.has(code);
