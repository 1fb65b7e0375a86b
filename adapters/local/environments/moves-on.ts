/** Whether what a list asks for is another thing some day. */
import type { Plan } from './environment-plan.ts';
import type { Entry } from './requirements/read-requirements.ts';
import { parsePlain } from './requirements/requirement.ts';

const day = 24 * 3600 * 1000;

/** A version range, no version at all, or a branch: not `==1.2`, a commit, an address of a file, or a folder of the project. */
export function movesOn({ asks, local, text }: Entry): boolean {
  if (!asks || local !== undefined) return false;
  const plain = parsePlain(text.replace(/\s+--hash\b.*$/s, ''));
  if (plain) return !/^\(?\s*={2,3}[^*,]+$/.test(plain.versions);
  return /\bgit\+/.test(text) && !/@[0-9a-f]{40}\b/i.test(text);
}

/** A line that says how old the packages are, where others might be installed today. */
export function ageNotice({ entries }: Plan, made: number | undefined, now = Date.now()): string[] {
  if (made === undefined || now - made < day || !entries.some(movesOn)) return [];
  const date = new Date(made).toISOString().slice(0, 10);
  return [`packages are those of ${date}; --renew-packages installs what has come out since`];
}
