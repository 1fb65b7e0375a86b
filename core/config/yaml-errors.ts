<<<<<<< HEAD

/** Explains errors of the YAML parser. */
import type { YAMLError } from 'yaml';

const quote = `put text with any of : # [ ] { } * & ! % @ in single quotes, such as 'a: b'`;

const words: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'the line starts with a tab: indent with spaces',
  BAD_INDENT:
    'wrong indentation: keys of the same level start in the same column, and brackets must be closed',
  BAD_DQ_ESCAPE: 'a backslash in double quotes is an escape in YAML: put the text in single quotes',
  BAD_SCALAR_START: 'text in YAML cannot start with this character: put the text in single quotes',
  BAD_ALIAS: 'a * starts a reference in YAML: put the text in quotes, such as "*"',
  BLOCK_AS_IMPLICIT_KEY: `two keys in one line, or too much indentation; ${quote}`,
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after the key, or a line has too much indentation',
=======

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
>>>>>>> integration
  UNEXPECTED_TOKEN: `unexpected here; ${quote}`,
  MULTIPLE_DOCS: 'a second document starts here: remove the line ---',
  RESOURCE_EXHAUSTION: 'values are nested too deeply',
};

<<<<<<< HEAD
/** Errors that do not affect the rest of the file. */
=======
/** Errors after which the rest of the file can still be read. */
>>>>>>> integration
const harmless = new Set<YAMLError['code']>([
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
  'BAD_ALIAS',
  'TAG_RESOLVE_FAILED',
]);

/** What is wrong, and how to fix it. */
export function explainSyntax({ code, message }: YAMLError): string {
  if (code === 'TAG_RESOLVE_FAILED')
<<<<<<< HEAD
    return `${message.replace('Unresolved tag: ', 'the tag ')} has no meaning here: remove it`;
  return words[code] ?? `invalid YAML: ${message}`;
=======
    return `${message.replace('Unresolved tag: ', 'the tag ')} is not supported: remove it`;
  return words[code] ?? `not valid YAML: ${message}`;
>>>>>>> integration
}

/** Whether the structure is broken, so that values cannot be checked. */
export const isFatal = ({ code }: YAMLError) => !harmless.has(code);
