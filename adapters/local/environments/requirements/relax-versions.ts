/** Relaxes the predecessor's pins that are not available or conflict. */

import type { Entry } from './requirement.ts';
import { canonical, parseNamed } from './requirement.ts';

/** `pinned` and `relaxed` allow wheels only: compiling pandas takes an hour, and fails. */
export type Step = 'pinned' | 'relaxed' | 'source';

export interface FencedPackage {
  name: string;
  /** Line in requirements.txt, e.g. `pandas==1.3.5`. */
  text: string;
  step: Step;
  /** Why it was relaxed. */
  why: 'build' | 'conflict';
}

/** The packages of the fenced block, by canonical name, all pinned. */
export function fencedPackages(entries: Entry[]): Map<string, FencedPackage> {
  const found = new Map<string, FencedPackage>();
  for (const { text, fenced } of entries) {
    const name = fenced ? parseNamed(text)?.name : undefined;
    if (name !== undefined) found.set(canonical(name), { name, text, step: 'pinned', why: 'build' });
  }
  return found;
}

/** The requirements file for pip: one line per entry, then options for the fenced packages. */
export function requirementsText(entries: Entry[], fenced: Map<string, FencedPackage>): string {
  const lines = entries.map((entry) => {
    const plain = entry.fenced ? parseNamed(entry.text) : undefined;
    const step = plain && fenced.get(canonical(plain.name))?.step;
    return plain && step !== 'pinned' ? `${plain.name}${plain.extras} ${plain.marker}`.trim() : entry.text;
  });
  const ready = [...fenced.values()]
    .filter(({ step }) => step !== 'source')
    .map(({ name }) => `--only-binary ${name}`);
  return `${[...lines, ...ready, ...withOldNumpy(entries, fenced)].join('\n')}\n`;
}

/** Versions before 2.2.2: they are incompatible with numpy 2, and do not declare it. */
const oldPandas = /^===?\s*(0\.|1\.|2\.[01]\.|2\.2\.[01]$)/;

function withOldNumpy(entries: Entry[], fenced: Map<string, FencedPackage>): string[] {
  const pandas = fenced.get('pandas');
  const isOld = pandas?.step === 'pinned' && oldPandas.test(parseNamed(pandas.text)?.versions ?? '');
  const isNamed = entries.some(({ text }) => canonical(parseNamed(text)?.name ?? '') === 'numpy');
  return isOld && !isNamed ? ['numpy<2'] : [];
}

/**
 * Relaxes the packages that are not available according to pip's output.
 * @returns false if nothing is left to relax, or if relaxing would not help
 */
export function relax(fenced: Map<string, FencedPackage>, output: string[]): boolean {
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

/** Matches pip's output if the index cannot be reached. */
export const unreachable =
  /Retrying \(Retry\(|NewConnectionError|name resolution|Connection (?:refused|reset)|ReadTimeout|ConnectTimeout|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED/;

/** One notice for each relaxed package. */
export function relaxedNotices(
  fenced: Map<string, FencedPackage>,
  output: string[],
  version: string,
): string[] {
  const short = version.split('.').slice(0, 2).join('.');
  const installed = output.findLast((line) => line.startsWith('Successfully installed ')) ?? '';
  return [...fenced.values()]
    .filter(({ step, text }) => step !== 'pinned' && parseNamed(text)?.versions !== '')
    .map(({ name, text, why }) => {
      const used = installed
        .split(' ')
        .map((word) => /^(.*)-([^-]+)$/.exec(word))
        .find((match) => match && canonical(match[1]!) === canonical(name))?.[2];
      const reason =
        why === 'build' ? `has no build for Python ${short}` : 'conflicts with the other packages';
      return `${text} ${reason}, using ${used ?? 'another version'}`;
    });
}
