/** The block of server packages that gismo-cloud-deploy wanted in every project's requirements.txt. */
import { physicalLines } from './parse-lines.ts';

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
