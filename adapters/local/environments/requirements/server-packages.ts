/** The block of server packages that gismo-cloud-deploy wanted in every project's requirements.txt: finds and removes it. */
import { importedModules, isImported } from './imported-modules.ts';
import { decode, logicalLines, physicalLines } from './parse-lines.ts';
import { canonical, parsePlain } from './requirement.ts';

const heading = /^\s*#\s*(?:these are\s+)?(?:the\s+)?necessary packages to build\b.*\b(?:server|worker)\b/i;
const fence = /^\s*#\s*={3,}/;
const comment = /^\s*#/;
const commentedOut = /^[\s#]*[\w.-]+(\[[^\]]*\])?\s*(?:[=<>!~]=|[<>])/;

/**
 * Numbers, from 1, of the lines in such blocks. The heading counts when it is a comment by itself (a commented-out block
 * has none); the block goes from one fence of `# ====` to the next. Without a closing one it ends at the first empty line
 * or at the next comment.
 */
export function predecessorLines(text: string): Set<number> {
  const lines = physicalLines(text);
  const found = new Set<number>();
  for (let index = 0; index < lines.length; index++) {
    if (!heading.test(lines[index]!)) continue;
    const { start, opened } = preamble(lines, index + 1);
    const end = blockEnd(lines, start, opened);
    for (let inside = start; inside < end; inside++) found.add(inside + 1);
    index = Math.max(index, end - 1);
  }
  return found;
}

/** Steps over the comments between the heading and the first package. */
function preamble(lines: string[], from: number): { start: number; opened: boolean } {
  let start = from;
  while (start < lines.length && (comment.test(lines[start]!) || lines[start]!.trim() === '')) {
    if (fence.test(lines[start]!)) return { start: start + 1, opened: true };
    if (heading.test(lines[start]!)) break;
    start++;
  }
  return { start, opened: false };
}

function blockEnd(lines: string[], start: number, opened: boolean): number {
  const isOther = (line: string) => comment.test(line) && !commentedOut.test(line);
  const next = lines.findIndex((line, index) => index >= start && isOther(line));
  if (opened && next >= 0 && fence.test(lines[next]!)) return next;
  const first = lines.findIndex((line, index) => index >= start && line.trim() !== '');
  const end = lines.findIndex((line, index) => index > first && (comment.test(line) || line.trim() === ''));
  return first < 0 ? start : end < 0 ? lines.length : end;
}

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
