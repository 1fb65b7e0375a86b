/** Counts the copied data of projects. Only interactive commands do so: each thousand files take a request. */

import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { formatBytes, formatDollars, plural } from '../../../core/format/numbers.ts';
import type { Found } from './take-inventory.ts';

/** Adds size and age to the entries of copied data. @param bucket the stack's bucket */
export async function withCopiedDataSizes(
  found: Found[],
  { access, bucket, now }: { access: AwsAccess; bucket: string; now: number },
): Promise<Found[]> {
  if (!found.some(({ kind }) => kind === 'data')) return found;
  const [{ sizeOfCopy }, { newS3Client }] = await Promise.all([
    import('../../../adapters/aws/inventory/copied-data.ts'),
    import('../../../adapters/aws/s3/index.ts'),
  ]);
  const client = await newS3Client(access);
  const sized: Found[] = [];
  for (const one of found) {
    if (one.kind !== 'data') {
      sized.push(one);
      continue;
    }
    const { files, bytes: size, newest } = await sizeOfCopy(client, bucket, one.name);
    const age = newest === null ? null : Math.max(0, now - newest);
    sized.push({ ...one, since: newest, age, size: { files, bytes: size } });
  }
  client.destroy();
  return sized;
}

/** `, 4 files, 12 KiB`; empty without a size. */
export const sizeSuffix = ({ size }: Pick<Found, 'size'>): string =>
  size === undefined ? '' : `, ${plural(size.files, 'file')}, ${formatBytes(size.bytes)}`;

/** `$0.12 a month` */
export const monthlyPrice = (amount: number): string => `${formatDollars(amount)} a month`;
