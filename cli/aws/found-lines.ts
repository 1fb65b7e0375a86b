/** Things of the inventory, in lines for people. */

import type { ResourceKind } from '../../ports/account/inventory.ts';
import { neutral } from '../view/neutral.ts';
import { table } from '../view/table.ts';
import { seconds } from '../view/units.ts';
import { inMonth, sizeInWords } from './copied-sizes.ts';
import type { Found } from './take-inventory.ts';

const words: Record<ResourceKind, string> = {
  workers: 'workers of',
  nodegroup: 'nodegroup',
  'network-interface': 'network interface',
  cluster: 'cluster',
  'security-group': 'security group',
  'launch-template': 'launch template',
  bastion: 'bastion',
  'key-pair': 'key pair',
  image: 'image',
  queue: 'queue of',
  licence: 'licence file of',
  upload: 'upload',
  data: 'copied data of',
  'log-group': 'log group',
};

/** `cluster gcd-cluster`, `queue of calm-owls-sing-1`. */
export const thing = ({ kind, name }: { kind: ResourceKind; name: string }): string =>
  neutral(`${words[kind]} ${name}`);

/** How many of a kind are shown before the rest is counted. */
const most = 12;

/**
 * A table, in the order in which things go; of many of a kind the first ones.
 * @param storeGiBMonth US dollars for a GiB in S3 and a month, of what has a size
 */
export function foundLines(found: Found[], storeGiBMonth = 0): string[] {
  const counts = new Map<ResourceKind, number>();
  for (const { kind } of found) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const seen = new Map<ResourceKind, number>();
  const rows: string[][] = [];
  for (const one of found) {
    const place = (seen.get(one.kind) ?? 0) + 1;
    seen.set(one.kind, place);
    const all = counts.get(one.kind) ?? 0;
    if (place <= most)
      rows.push([
        thing(one) + sizeInWords(one),
        one.cluster === null || one.kind === 'cluster' ? '' : neutral(one.cluster),
        one.age === null ? '' : seconds(one.age),
        one.going ? 'being removed' : one.size ? inMonth((one.size.bytes / 1024 ** 3) * storeGiBMonth) : '',
      ]);
    else if (place === all) rows.push([`and ${all - most} more of that kind`, '', '', '']);
  }
  return table(
    [{ head: 'what' }, { head: 'of cluster' }, { head: 'there for', right: true }, { head: '' }],
    rows,
  );
}
