/** A requirements.txt of the predecessor without the block of server packages, but for what the project imports. */
import { importedModules, isImported } from './imported-modules.ts';
import { decode, logicalLines, physicalLines } from './parse-lines.ts';
import { canonical, parsePlain } from './requirement.ts';
import { predecessorLines } from './server-packages.ts';

/**
 * Packages that the predecessor pinned to versions that have builds for old Pythons only, with the first Python for
 * which there is none, or none that goes with today's other packages.
 */
const oldBuilds: Record<string, string> = { 'pandas==1.3.5': '3.9', 'pillow==9.1.1': '3.11' };

/** The remarks and fences around the block. */
const around = /^\s*#\s*(?:={3,}|.*necessary packages to build\b|please do not change them)/i;

/**
 * @param bytes of the file
 * @param project absolute path of the folder whose Python files are looked at for what they import
 * @returns the text and a line for each change; none when there is no such block
 */
export async function withoutServers(
  bytes: Uint8Array,
  project: string,
): Promise<{ text: string; changes: string[] }> {
  const text = decode(bytes);
  const fenced = predecessorLines(text);
  if (fenced.size === 0) return { text, changes: [] };
  const imported = await importedModules(project);
  const asked = logicalLines(text).filter(({ number }) => fenced.has(number));
  const kept = new Map(
    asked
      .filter(({ text }) => isImported(parsePlain(text)?.name ?? '', imported) || !parsePlain(text))
      .map(({ number, text }) => [number, loosened(text)]),
  );
  const gone = asked.filter(({ number }) => !kept.has(number)).map(({ text }) => parsePlain(text)!.name);
  const lines = physicalLines(text).flatMap((line, index) => {
    const number = index + 1;
    if (fenced.has(number)) return kept.get(number) ?? [];
    return around.test(line) && touches(fenced, number, text) ? [] : [line];
  });
  const changes =
    gone.length > 0 ? [`server packages are gone: ${gone.join(', ')}`] : ['its fences are gone'];
  if (kept.size > 0) changes.push(`what the project imports stays: ${[...kept.values()].flat().join(', ')}`);
  return { text: `${lines.join('\n').trim() || '# Your packages, one a line.'}\n`, changes };
}

/** A line, or two where the pinned version is for old Pythons only. */
function loosened(text: string): string[] {
  const plain = parsePlain(text);
  const until = plain && oldBuilds[`${canonical(plain.name)}${plain.versions.replaceAll(' ', '')}`];
  if (!until || plain.marker !== '') return [text];
  return [
    `${text}; python_version < "${until}"`,
    `${plain.name}${plain.extras}; python_version >= "${until}"`,
  ];
}

/** Whether only remarks lie between a line and the block. */
function touches(fenced: Set<number>, number: number, text: string): boolean {
  const lines = physicalLines(text);
  const reaches = (step: 1 | -1) => {
    for (let at = number + step; at >= 1 && at <= lines.length; at += step) {
      if (fenced.has(at)) return true;
      if (!/^\s*#/.test(lines[at - 1]!)) return false;
    }
    return false;
  };
  return reaches(1) || reaches(-1);
}
