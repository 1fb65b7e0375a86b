/** Finds lines of a requirements file that pip would reject. */
import { words } from './parse-lines.ts';
import type { Entry } from './requirement.ts';
import { parseNamed } from './requirement.ts';

/** Options that pip allows in a requirements file. */
const options = new Set(
  (
    '-i --index-url --pypi-url --extra-index-url --no-index -c --constraint -r --requirement -e --editable -f --find-links ' +
    '--no-binary --only-binary --prefer-binary --require-hashes --pre --trusted-host --use-feature'
  ).split(' '),
);

/** One bound of a version, such as `>=1.2` or `==1.*`. */
const bound = /^(?:===?|~=|!=|[<>]=?)\s*[A-Za-z0-9][\w.*+!-]*$/;
const variable =
  /\b(?:python_(?:full_)?version|os_name|sys_platform|platform_\w+|implementation_(?:name|version)|extra)\b/;

/** One message for each invalid line. */
export function syntaxErrors(entries: Entry[]): string[] {
  return entries.flatMap((entry) => {
    const error = errorIn(entry);
    return error === undefined ? [] : [`${entry.file}:${entry.line}: ${error}`];
  });
}

function errorIn({ text, isPackage }: Entry): string | undefined {
  if (!isPackage || text.startsWith('-')) {
    const [option = ''] = words(text);
    const name = option.split('=')[0]!;
    const isKnown = options.has(name) || (!name.startsWith('--') && options.has(name.slice(0, 2)));
    return isKnown ? undefined : `pip does not support the option ${name} in a requirements file`;
  }
  // URLs and absolute paths.
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|\/|file:)/i.test(text) || /^[\w.-]+\s*(?:\[.*\])?\s*@\s*\S/.test(text))
    return undefined;
  const plain = parseNamed(text.replace(/\s+--(?:hash|config-settings?|global-option)\b.*$/s, ''));
  if (!plain) return `${text} is not a package: write pandas, pandas==2.2.3 or pandas>=2,<3${hint(text)}`;
  const versions = plain.versions.replace(/^\(|\)$/g, '').trim();
  const wrong = versions === '' ? undefined : versions.split(',').find((one) => !bound.test(one.trim()));
  if (wrong !== undefined)
    return `${text}: ${wrong.trim() || 'an empty text'} is not a version: write ${plain.name}==2.2.3 or ${plain.name}>=2,<3`;
  if (plain.marker !== '' && !variable.test(plain.marker))
    return `${text}: after ; a condition is expected, such as python_version < "3.11"`;
  return undefined;
}

function hint(text: string): string {
  if (/^[\w.-]+\s*=[^=]/.test(text)) return ' (with two =)';
  return /^[\w.-]+\s+[\w.-]+/.test(text) ? ' (one package per line)' : '';
}
