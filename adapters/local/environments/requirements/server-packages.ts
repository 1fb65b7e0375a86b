/** Finds and removes the block of server packages that gismo-cloud-deploy required in every requirements.txt. */
import { importedModules, isImported } from './imported-modules.ts';
import { decode, logicalLines, physicalLines } from './parse-lines.ts';
import { canonical, parseNamed } from './requirement.ts';

const heading = /^\s*#\s*(?:these are\s+)?(?:the\s+)?necessary packages to build\b.*\b(?:server|worker)\b/i;
const fence = /^\s*#\s*={3,}/;
const comment = /^\s*#/;
const commentedOut = /^[\s#]*[\w.-]+(\[[^\]]*\])?\s*(?:[=<>!~]=|[<>])/;

/**
 * Line numbers, from 1, of the lines in such blocks. The heading must be a comment by itself (a commented-out block has
 * none). The block ends at the closing fence `# ====`; without one, at the first empty line or comment.
 */
export function serverPackageLines(text: string): Set<number> {
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

/** Skips the comments between the heading and the first package. */
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

/** Comments and fences around the block. */
const surrounding = /^\s*#\s*(?:={3,}|.*necessary packages to build\b|please do not change them)/i;

/**
 * Removes server packages, except those that the project imports.
 * @param bytes content of requirements.txt
 * @param project absolute path of the project folder
 * @returns the new text, and one line per change; no changes without such a block
 */
export async function withoutServerPackages(
  bytes: Uint8Array,
  project: string,
): Promise<{ text: string; changes: string[] }> {
  const text = decode(bytes);
  const fenced = serverPackageLines(text);
  if (fenced.size === 0) return { text, changes: [] };
  const imported = await importedModules(project);
  const requirements = logicalLines(text).filter(({ number }) => fenced.has(number));
  const kept = new Map(
    requirements
      .filter(({ text }) => isImported(parseNamed(text)?.name ?? '', imported) || !parseNamed(text))
      .map(({ number, text }) => [number, loosened(text)]),
  );
  const removed = requirements
    .filter(({ number }) => !kept.has(number))
    .map(({ text }) => parseNamed(text)!.name);
  const lines = physicalLines(text).flatMap((line, index) => {
    const number = index + 1;
    if (fenced.has(number)) return kept.get(number) ?? [];
    return surrounding.test(line) && isAdjacent(fenced, number, text) ? [] : [line];
  });
  const changes =
    removed.length > 0
      ? [`removed the server packages ${removed.join(', ')}`]
      : ['removed the fences of the server packages'];
  if (kept.size > 0) changes.push(`kept what the project imports: ${[...kept.values()].flat().join(', ')}`);
  return { text: `${lines.join('\n').trim() || '# Your packages, one per line.'}\n`, changes };
}

/** The requirement; two with conditions if the pinned version supports old Pythons only. */
function loosened(text: string): string[] {
  const plain = parseNamed(text);
  const until = plain && oldBuilds[`${canonical(plain.name)}${plain.versions.replaceAll(' ', '')}`];
  if (!until || plain.marker !== '') return [text];
  return [
    `${text}; python_version < "${until}"`,
    `${plain.name}${plain.extras}; python_version >= "${until}"`,
  ];
}

/** Whether only comments are between a line and the block. */
function isAdjacent(fenced: Set<number>, number: number, text: string): boolean {
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
