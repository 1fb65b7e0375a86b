import { badRequest } from './failure.ts';

/**
 * Whether labels are as a selector wants them: `a=b`, `a!=b`, `a`, `!a`, with commas between.
 * @throws Failure 400 for what it does not understand
 */
export function matches(selector: string, labels: Record<string, string>): boolean {
  return selector
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean)
    .every((term) => {
      const found = /^(!?)([A-Za-z0-9._/-]+)(?:(==?|!=)([A-Za-z0-9._-]*))?$/.exec(term);
      if (!found) throw badRequest(`unable to parse requirement: ${term}`);
      const [, not, name = '', operator, value] = found;
      const has = labels[name];
      if (operator === undefined) return (has === undefined) === (not === '!');
      return (has === value) !== (operator === '!=');
    });
}
