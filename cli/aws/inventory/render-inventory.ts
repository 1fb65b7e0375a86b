/** Renders the inventory as a table. */

import { formatDuration } from '../../../core/format/numbers.ts';
import type { ResourceKind } from '../../../core/resources.ts';
import { escapeControlChars } from '../../terminal/escape-control-chars.ts';
import { table } from '../../terminal/table.ts';
import { monthlyPrice, sizeSuffix } from './copied-data-sizes.ts';
import type { Found } from './take-inventory.ts';

const labels: Record<ResourceKind, string> = {
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
export const resourceLabel = ({ kind, name }: { kind: ResourceKind; name: string }): string =>
  escapeControlChars(`${labels[kind]} ${name}`);

/** Entries of a kind that are shown; the rest is counted. */
const maxOfKind = 12;

/**
 * A table in the order of deletion, with the first entries of each kind.
 * @param storeGiBMonth US dollars for a GiB in S3 for a month
 */
export function renderInventory(found: Found[], storeGiBMonth = 0): string[] {
  const counts = new Map<ResourceKind, number>();
  for (const { kind } of found) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const seen = new Map<ResourceKind, number>();
  const rows: string[][] = [];
  for (const one of found) {
    const place = (seen.get(one.kind) ?? 0) + 1;
    seen.set(one.kind, place);
    const all = counts.get(one.kind) ?? 0;
    if (place <= maxOfKind)
      rows.push([
        resourceLabel(one) + sizeSuffix(one),
        one.cluster === null || one.kind === 'cluster' ? '' : escapeControlChars(one.cluster),
        one.age === null ? '' : formatDuration(one.age),
        one.going
          ? 'being deleted'
          : one.size
            ? monthlyPrice((one.size.bytes / 1024 ** 3) * storeGiBMonth)
            : '',
      ]);
    else if (place === all) rows.push([`and ${all - maxOfKind} more of that kind`, '', '', '']);
  }
  return table([{ head: 'resource' }, { head: 'cluster' }, { head: 'age', right: true }, { head: '' }], rows);
}
