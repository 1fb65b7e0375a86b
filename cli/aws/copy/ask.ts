/** Tells what of a folder with data would be copied to the stack's bucket, and asks before it is. */

import { RunInterrupted, UsageError } from '../../../core/errors/errors.ts';
import type { PriceList } from '../../../core/estimate/cost/price-list.ts';
import { formatBytes, formatDollars, plural } from '../../../core/format/numbers.ts';
import { partBytes } from '../../../runs/aws/data-copy/copy-folder.ts';
import type { Amount, FolderCopy } from '../../../runs/aws/data-copy/plan-copy.ts';
import { escapeControlChars } from '../../terminal/escape-control-chars.ts';
import { color } from '../../terminal/output.ts';
import { shownPath } from '../../terminal/paths.ts';
import type { Asking } from '../confirm.ts';

const gib = 1024 ** 3;
const leftOutShown = 5;

export interface CopyCost {
  /** US dollars for the requests. */
  once: number;
  /** US dollars a month for all that the run reads. */
  perMonth: number;
}

export function costOfCopy(
  { toCopy, there }: Pick<FolderCopy, 'toCopy' | 'there'>,
  { storeWrite, storeGiBMonth }: Pick<PriceList, 'storeWrite' | 'storeGiBMonth'>,
): CopyCost {
  // A large file takes two requests besides those of its parts; the listing takes one.
  const requests = 3 * toCopy.files + Math.ceil(toCopy.bytes / partBytes) + 1;
  return { once: requests * storeWrite, perMonth: ((toCopy.bytes + there.bytes) / gib) * storeGiBMonth };
}

const amount = ({ files, bytes: size }: Amount) => `${plural(files, 'file')}, ${formatBytes(size)}`;

/** Some lines: how much is to be copied, how much is there, what it costs, what is left out. */
export function showCopy(
  { folder, toCopy, there, leftOut }: FolderCopy,
  prices: PriceList,
  print: (line: string) => void = (line) => console.error(line),
): void {
  const row = (name: string, text: string) => print(`  ${color.dim(name.padEnd(8))} ${text}`);
  const { once, perMonth } = costOfCopy({ toCopy, there }, prices);
  const from = escapeControlChars(shownPath(folder));
  const isThere = there.files > 0 ? `; there already: ${amount(there)}` : '';
  row(
    'data',
    toCopy.files > 0
      ? `${amount(toCopy)}, to be copied from ${from} to the stack's bucket${isThere}`
      : `${amount(there)} of ${from}, in the stack's bucket already`,
  );
  const month = `${formatDollars(perMonth)} a month as long as it is there: gcd-sfn cleanup --all removes it`;
  row('', toCopy.files > 0 ? `${formatDollars(once)} at most to copy it, and ${month}` : month);
  for (const { name, why } of leftOut.slice(0, leftOutShown))
    row('', escapeControlChars(`not ${name}: ${why}`));
  if (leftOut.length > leftOutShown) row('', `and ${leftOut.length - leftOutShown} more not`);
}

/** The same for programs. */
export const copyJson = (copy: FolderCopy, prices: PriceList) => ({
  ...{ folder: copy.folder, toCopy: copy.toCopy, there: copy.there, leftOut: copy.leftOut },
  cost: costOfCopy(copy, prices),
});

export interface CopyOptions {
  yes?: boolean;
  copyData?: boolean;
}

/**
 * Nothing of this machine's data leaves it unasked: `--yes` alone says nothing of that.
 * @throws UsageError when something is to be copied, nobody said that it may be, and nobody can be asked; RunInterrupted
 * when the answer is no
 */
export async function confirmCopy(
  { folder, toCopy }: FolderCopy,
  { yes = false, copyData = false }: CopyOptions,
  { interactive, ask }: Asking,
): Promise<void> {
  if (toCopy.files === 0 || copyData) return;
  if (!interactive || yes)
    throw new UsageError(
      `the data is in a folder of your machine: ${amount(toCopy)} of ${folder} are not in the stack's bucket`,
      {
        hint: 'With --copy-data they are copied there. Or name data in S3 in config.yaml: data_bucket: s3://bucket/prefix',
      },
    );
  if (!(await ask(`Copy ${amount(toCopy)} to the stack's bucket?`, true)))
    throw new RunInterrupted('nothing was done');
}
