/** Lines of a requirements file that pip would not understand. */
import { words } from './parse-lines.ts';
import type { Entry } from './requirement.ts';
import { parsePlain } from './requirement.ts';

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

/** A sentence for each line that is none. */
export function requirementFaults(entries: Entry[]): string[] {
  return entries.flatMap((entry) => {
    const fault = faultOf(entry);
    return fault === undefined ? [] : [`${entry.file}:${entry.line}: ${fault}`];
  });
}

function faultOf({ text, asks }: Entry): string | undefined {
  if (!asks || text.startsWith('-')) {
    const [option = ''] = words(text);
    const name = option.split('=')[0]!;
    const isKnown = options.has(name) || (!name.startsWith('--') && options.has(name.slice(0, 2)));
    return isKnown ? undefined : `pip has no option ${name} in a requirements file`;
  }
  // Addresses, and paths, which were made absolute.
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|\/|file:)/i.test(text) || /^[\w.-]+\s*(?:\[.*\])?\s*@\s*\S/.test(text))
    return undefined;
  const plain = parsePlain(text.replace(/\s+--(?:hash|config-settings?|global-option)\b.*$/s, ''));
  if (!plain) return `${text} is no package: write pandas, pandas==2.2.3 or pandas>=2,<3${hint(text)}`;
  const versions = plain.versions.replace(/^\(|\)$/g, '').trim();
  const wrong = versions === '' ? undefined : versions.split(',').find((one) => !bound.test(one.trim()));
  if (wrong !== undefined)
    return `${text}: ${wrong.trim() || 'an empty text'} is no version: write ${plain.name}==2.2.3 or ${plain.name}>=2,<3`;
  if (plain.marker !== '' && !variable.test(plain.marker))
    return `${text}: what follows ; must be a condition such as python_version < "3.11"`;
  return undefined;
}

function hint(text: string): string {
  if (/^[\w.-]+\s*=[^=]/.test(text)) return ' (with two =)';
  return /^[\w.-]+\s+[\w.-]+/.test(text) ? ' (one package a line)' : '';
}
