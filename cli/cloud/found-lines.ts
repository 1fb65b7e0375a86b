/** Things of the inventory, in lines for people. */
import type { Found } from '../../functions/inventory/inventory.ts';
import type { ResourceKind } from '../../ports/inventory.ts';
import { neutral } from '../view/neutral.ts';
import { table } from '../view/table.ts';
import { seconds } from '../view/units.ts';

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
  'log-group': 'log group',
};

/** `cluster gcd-cluster`, `queue of calm-owls-sing-1`. */
export const thing = ({ kind, name }: { kind: ResourceKind; name: string }): string =>
  neutral(`${words[kind]} ${name}`);

/** How many of a kind are shown before the rest is counted. */
const most = 12;

/** A table, in the order in which things go; of many of a kind the first ones. */
export function foundLines(found: Found[]): string[] {
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
        thing(one),
        one.cluster === null || one.kind === 'cluster' ? '' : neutral(one.cluster),
        one.age === null ? '' : seconds(one.age),
        one.going ? 'being removed' : '',
      ]);
    else if (place === all) rows.push([`and ${all - most} more of that kind`, '', '', '']);
  }
  return table(
    [{ head: 'what' }, { head: 'of cluster' }, { head: 'there for', right: true }, { head: '' }],
    rows,
  );
}
