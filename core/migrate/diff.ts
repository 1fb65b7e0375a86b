/** What differs between two texts, as `diff -u` shows it. */

const context = 3;

/** @returns lines beginning with a space, `-` or `+`; parts without a change are left out as `…` */
export function differences(before: string, after: string): string[] {
  const all = compare(before.split('\n'), after.split('\n'));
  const shown = all.map((_, index) =>
    all.slice(Math.max(0, index - context), index + context + 1).some((line) => !line.startsWith(' ')),
  );
  return all.flatMap((line, index) => (shown[index] ? [line] : index === 0 || shown[index - 1] ? ['…'] : []));
}

/** By the longest common subsequence; the files are small. */
function compare(before: string[], after: string[]): string[] {
  const common = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i]![j] =
        before[i] === after[j]
          ? common[i + 1]![j + 1]! + 1
          : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push(` ${before[i++]}`);
      j++;
    } else if (j >= after.length || (i < before.length && common[i + 1]![j]! >= common[i]![j + 1]!))
      lines.push(`-${before[i++]}`);
    else lines.push(`+${after[j++]}`);
  }
  return lines;
}
