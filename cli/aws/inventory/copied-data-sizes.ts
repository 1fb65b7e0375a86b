/** How much copied data of projects is: it is counted only where a person asks, since each thousand files take a request. */

import type { AwsSettings } from '../../../core/config/dotenv.ts';
import { formatBytes, plural } from '../../../core/format/numbers.ts';
import type { Found } from './take-inventory.ts';

/** The same things, those of copied data with their size and age. @param bucket the stack's */
export async function withSizes(
  found: Found[],
  { access, bucket, now }: { access: AwsSettings; bucket: string; now: number },
): Promise<Found[]> {
  if (!found.some(({ kind }) => kind === 'data')) return found;
  const [{ sizeOfCopy }, { newS3Client }] = await Promise.all([
    import('../../../adapters/aws/inventory/copies.ts'),
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

/** `, 4 files, 12 KiB`; empty for what has no size. */
export const sizeInWords = ({ size }: Pick<Found, 'size'>): string =>
  size === undefined ? '' : `, ${plural(size.files, 'file')}, ${formatBytes(size.bytes)}`;
