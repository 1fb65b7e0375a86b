/** Software that EKS itself keeps on a cluster. */
import {
  type Addon,
  CreateAddonCommand,
  DeleteAddonCommand,
  DescribeAddonCommand,
  type EKSClient,
  UpdateAddonCommand,
} from '@aws-sdk/client-eks';
import { errorOf, isFinal } from '../../../../core/errors/problem.ts';
import type { Asked } from '../../client/errors.ts';
import { ask, askFor, isInUse, problemsOf } from '../../client/problems.ts';
import type { Part } from './cluster-part.ts';

/** What is done only when there are nodes, which a new cluster has none of. */
const needsNodes = 'InsufficientNumberOfReplicas';
const underWay = ['CREATING', 'UPDATING', 'DELETING'];

/**
 * A part that is one of EKS's add-ons.
 * @param wanted values of its configuration that it must have; what else somebody has set stays
 */
export function addonPart(eks: EKSClient, addonName: string, wanted: Record<string, string> = {}): Part {
  const asked = (verb: string, clusterName: string): Asked => ({
    action: `eks:${verb}`,
    arn:
      verb === 'CreateAddon'
        ? `arn:aws:eks:*:*:cluster/${clusterName}`
        : `arn:aws:eks:*:*:addon/${clusterName}/*`,
    what: `add-on ${addonName} of cluster ${clusterName}`,
  });
  const find = async (clusterName: string): Promise<Addon | undefined> => {
    const found = await askFor(asked('DescribeAddon', clusterName), () =>
      eks.send(new DescribeAddonCommand({ clusterName, addonName })),
    );
    return found?.addon;
  };

  return {
    async isThere({ name }) {
      const found = await find(name);
      return found !== undefined && works(found) && hasAll(valuesOf(found), wanted);
    },
    async put({ name: clusterName, tags }) {
      const found = await find(clusterName);
      if (found && underWay.includes(found.status ?? '')) return;
      if (found && works(found) && hasAll(valuesOf(found), wanted)) return;
      const obstacle = problemsOf(found?.health?.issues).find(isFinal);
      if (obstacle) throw errorOf(obstacle);
      const values = { ...(found && valuesOf(found)), ...wanted };
      const settings = {
        clusterName,
        addonName,
        // The cluster came with a copy of its own, which this one takes over.
        resolveConflicts: 'OVERWRITE' as const,
        ...(Object.keys(values).length > 0 && { configurationValues: JSON.stringify(values) }),
      };
      const send = async () => {
        if (!found) await eks.send(new CreateAddonCommand({ ...settings, tags }));
        else if (found.status === 'CREATE_FAILED')
          await eks.send(new DeleteAddonCommand({ clusterName, addonName }));
        else await eks.send(new UpdateAddonCommand(settings));
      };
      const verb = found ? (found.status === 'CREATE_FAILED' ? 'DeleteAddon' : 'UpdateAddon') : 'CreateAddon';
      await ask(asked(verb, clusterName), () =>
        send().catch((error) => {
          // Another run puts it there right now.
          if (!isInUse(error)) throw error;
        }),
      );
    },
  };
}

function works({ status, health }: Addon): boolean {
  if (status === 'ACTIVE') return true;
  const issues = health?.issues ?? [];
  return status === 'DEGRADED' && issues.length > 0 && issues.every(({ code }) => code === needsNodes);
}

/** Its configuration; none when somebody has written it in another way than JSON. */
function valuesOf({ configurationValues }: Addon): Record<string, unknown> {
  try {
    return JSON.parse(configurationValues || '{}');
  } catch {
    return {};
  }
}

const hasAll = (values: Record<string, unknown>, wanted: Record<string, string>): boolean =>
  Object.entries(wanted).every(([name, value]) => String(values[name]) === value);
