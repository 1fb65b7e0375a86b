/** Resolves `--cluster`: the named cluster, else the only one. */
import { NotFound, UsageError } from '../../core/errors/errors.ts';
import type { Inventory } from '../../ports/account/inventory.ts';

/** @throws NotFound when it does not exist; UsageError when there are several and none was named */
export async function resolveCluster(inventory: Inventory, named: string | undefined): Promise<string> {
  const all = await inventory.list({ cluster: null });
  const clusters = all.filter(({ kind }) => kind === 'cluster').map(({ name }) => name);
  if (named !== undefined && clusters.includes(named)) return named;
  const [only, ...others] = clusters;
  if (named !== undefined || only === undefined)
    throw new NotFound(
      named === undefined ? 'there is no cluster' : `there is no cluster ${named} of gcd-sfn`,
      {
        hint:
          only === undefined
            ? 'A run creates one: gcd-sfn start --cluster NAME --create'
            : `Existing clusters: ${clusters.join(', ')}`,
      },
    );
  if (others.length > 0)
    throw new UsageError('there are several clusters', {
      hint: `Name one: --cluster ${clusters.join(' or ')}`,
    });
  return only;
}
