/** Explains errors of the YAML parser in plain words. */
import type { YAMLError } from 'yaml';

const quote = `write text that contains any of : # [ ] { } * & ! % @ in single quotes, such as 'a: b'`;

const words: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'the line is indented with a tab: YAML requires spaces',
  BAD_INDENT:
    'the line is indented wrongly: keys of the same level start in the same column, and brackets must be closed',
  BAD_DQ_ESCAPE: 'a backslash in double quotes is an escape in YAML: write the text in single quotes',
  BAD_SCALAR_START: 'a text cannot start with this character in YAML: write it in single quotes',
  BAD_ALIAS: 'a * starts an alias in YAML: write the text in quotes, such as "*"',
  BLOCK_AS_IMPLICIT_KEY: `two keys in one line, or a line that is indented too far; ${quote}`,
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after the key, or a line is indented too far',
  UNEXPECTED_TOKEN: `unexpected here; ${quote}`,
  MULTIPLE_DOCS: 'a second document starts here: remove the line ---',
  RESOURCE_EXHAUSTION: 'values are nested too deeply',
};

/** Errors after which the rest of the file can still be read. */
const harmless = new Set<YAMLError['code']>([
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
  'BAD_ALIAS',
  'TAG_RESOLVE_FAILED',
]);

/** What is wrong, and how to fix it. */
export function explainSyntax({ code, message }: YAMLError): string {
  if (code === 'TAG_RESOLVE_FAILED')
    return `${message.replace('Unresolved tag: ', 'the tag ')} is not supported: remove it`;
  return words[code] ?? `not valid YAML: ${message}`;
}

/** Whether the structure is broken, so that values cannot be checked. */
export const isFatal = ({ code }: YAMLError) => !harmless.has(code);
