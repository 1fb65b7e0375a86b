/** Who may do what on a cluster, in lines. */
import type { AccessEntry } from '../../ports/cluster/cluster-access.ts';
import { neutral } from '../view/neutral.ts';
import { table } from '../view/table.ts';

export function entryLines(entries: AccessEntry[]): string[] {
  const rows = entries.map(({ principal, policies, groups, needed }) => {
    const may = [
      ...policies.map(({ name, namespaces }) =>
        namespaces.length === 0 ? name : `${name} in ${namespaces.join(', ')}`,
      ),
      ...groups,
    ];
    return [neutral(principal), neutral(may.join('; ')) || 'nothing', needed ? 'for runs' : ''];
  });
  return table([{ head: 'who' }, { head: 'may' }, { head: '' }], rows);
}
