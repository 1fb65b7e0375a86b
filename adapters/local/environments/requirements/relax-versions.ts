/** Which versions of the predecessor's packages are asked for: those that it pinned, as long as they can be had. */

import type { Entry } from './requirement.ts';
import { canonical, parsePlain } from './requirement.ts';

/** `pinned` and `relaxed` take ready-made builds only: compiling pandas takes an hour, and fails. */
export type Step = 'pinned' | 'relaxed' | 'source';

export interface Fenced {
  name: string;
  /** As it stands in requirements.txt, e.g. `pandas==1.3.5`. */
  text: string;
  step: Step;
  /** Why it is not pinned any more. */
  why: 'build' | 'conflict';
}

/** The packages of the fenced block, by canonical name, as they are asked for at first. */
export function fencedPackages(entries: Entry[]): Map<string, Fenced> {
  const found = new Map<string, Fenced>();
  for (const { text, fenced } of entries) {
    const name = fenced ? parsePlain(text)?.name : undefined;
    if (name !== undefined) found.set(canonical(name), { name, text, step: 'pinned', why: 'build' });
  }
  return found;
}

/** The requirements file for pip: a line for each entry, then what holds for the fenced ones. */
export function requirementsText(entries: Entry[], fenced: Map<string, Fenced>): string {
  const lines = entries.map((entry) => {
    const plain = entry.fenced ? parsePlain(entry.text) : undefined;
    const step = plain && fenced.get(canonical(plain.name))?.step;
    return plain && step !== 'pinned' ? `${plain.name}${plain.extras} ${plain.marker}`.trim() : entry.text;
  });
  const ready = [...fenced.values()]
    .filter(({ step }) => step !== 'source')
    .map(({ name }) => `--only-binary ${name}`);
  return `${[...lines, ...ready, ...withOldNumpy(entries, fenced)].join('\n')}\n`;
}

/** Built before numpy 2, which it does not go with, and does not say so: versions before 2.2.2. */
const oldPandas = /^===?\s*(0\.|1\.|2\.[01]\.|2\.2\.[01]$)/;

function withOldNumpy(entries: Entry[], fenced: Map<string, Fenced>): string[] {
  const pandas = fenced.get('pandas');
  const isOld = pandas?.step === 'pinned' && oldPandas.test(parsePlain(pandas.text)?.versions ?? '');
  const isNamed = entries.some(({ text }) => canonical(parsePlain(text)?.name ?? '') === 'numpy');
  return isOld && !isNamed ? ['numpy<2'] : [];
}

/**
 * Relaxes what pip's output says cannot be had.
 * @returns false when there is nothing more to relax, or when that would not help
 */
export function relax(fenced: Map<string, Fenced>, output: string[]): boolean {
  const text = output.join('\n');
  if (unreachable.test(text)) return false;
  const missing =
    /(?:No matching distribution found for|satisfies the requirement) ([A-Za-z0-9][\w.-]*)/.exec(text)?.[1];
  if (missing !== undefined) {
    const one = fenced.get(canonical(missing));
    if (!one || one.step === 'source') return false;
    Object.assign(one, { step: one.step === 'pinned' ? 'relaxed' : 'source' });
    return true;
  }
  const pinned = [...fenced.values()].filter(({ step }) => step === 'pinned');
  for (const one of pinned) Object.assign(one, { step: 'relaxed', why: 'conflict' });
  return pinned.length > 0;
}

/** What pip says when the index cannot be reached. */
export const unreachable =
  /Retrying \(Retry\(|NewConnectionError|name resolution|Connection (?:refused|reset)|ReadTimeout|ConnectTimeout|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED/;

/** One part of a line for the user, for each package that was relaxed. */
export function relaxedNotices(fenced: Map<string, Fenced>, output: string[], version: string): string[] {
  const short = version.split('.').slice(0, 2).join('.');
  const installed = output.findLast((line) => line.startsWith('Successfully installed ')) ?? '';
  return [...fenced.values()]
    .filter(({ step, text }) => step !== 'pinned' && parsePlain(text)?.versions !== '')
    .map(({ name, text, why }) => {
      const took = installed
        .split(' ')
        .map((word) => /^(.*)-([^-]+)$/.exec(word))
        .find((match) => match && canonical(match[1]!) === canonical(name))?.[2];
      const reason =
        why === 'build' ? `has no build for Python ${short}` : 'does not go with the other packages';
      return `${text} ${reason}, took ${took ?? 'another version'}`;
    });
}
