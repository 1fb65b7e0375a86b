/** The difference of two texts, as `diff -u` shows it. */
import { structuredPatch } from 'diff';

const context = 3;

/** @returns hunks of a unified diff: lines with a space, `-` or `+` before them; none for equal texts */
export function differences(before: string, after: string): string[] {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    // Not the remark that the file does not end with a line break.
    ...lines.filter((line) => !line.startsWith('\\')),
  ]);
}
