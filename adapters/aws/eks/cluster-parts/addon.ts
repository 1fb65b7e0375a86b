/** Add-ons of EKS: software that EKS maintains on a cluster. */
import {
  type Addon,
  CreateAddonCommand,
  DeleteAddonCommand,
  DescribeAddonCommand,
  type EKSClient,
  UpdateAddonCommand,
} from '@aws-sdk/client-eks';
import { errorOf, isFinal } from '../../../../core/errors/problem.ts';
import { problemsOf } from '../../client/error-codes.ts';
import type { RequestContext } from '../../client/errors.ts';
import { sendOptional } from '../../client/send.ts';
import type { Part } from './cluster-part.ts';

/** An add-on lacks nodes, of which a new cluster has none. */
const needsNodes = 'InsufficientNumberOfReplicas';
const changing = ['CREATING', 'UPDATING', 'DELETING'];

/** @param wanted values that its configuration must have; others, which somebody has set, stay */
export function addonPart(eks: EKSClient, addonName: string, wanted: Record<string, string> = {}): Part {
  const contextOf = (verb: string, clusterName: string): RequestContext => ({
    action: `eks:${verb}`,
    arn:
      verb === 'CreateAddon'
        ? `arn:aws:eks:*:*:cluster/${clusterName}`
        : `arn:aws:eks:*:*:addon/${clusterName}/*`,
    what: `add-on ${addonName} of cluster ${clusterName}`,
  });
  const find = async (clusterName: string): Promise<Addon | undefined> => {
    const found = await sendOptional(
      contextOf('DescribeAddon', clusterName),
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
      if (found && changing.includes(found.status ?? '')) return;
      if (found && works(found) && hasAll(valuesOf(found), wanted)) return;
      const obstacle = problemsOf(found?.health?.issues).find(isFinal);
      if (obstacle) throw errorOf(obstacle);
      const values = { ...(found && valuesOf(found)), ...wanted };
      const settings = {
        clusterName,
        addonName,
        // Replaces the cluster's own copy.
        resolveConflicts: 'OVERWRITE' as const,
        ...(Object.keys(values).length > 0 && { configurationValues: JSON.stringify(values) }),
      };
      const [verb, request] = !found
        ? (['CreateAddon', eks.send(new CreateAddonCommand({ ...settings, tags }))] as const)
        : found.status === 'CREATE_FAILED'
          ? (['DeleteAddon', eks.send(new DeleteAddonCommand({ clusterName, addonName }))] as const)
          : (['UpdateAddon', eks.send(new UpdateAddonCommand(settings))] as const);
      // A concurrent call may be changing it.
      await sendOptional<unknown>(contextOf(verb, clusterName), request, 'in-use');
    },
  };
}

function works({ status, health }: Addon): boolean {
  if (status === 'ACTIVE') return true;
  const issues = health?.issues ?? [];
  return status === 'DEGRADED' && issues.length > 0 && issues.every(({ code }) => code === needsNodes);
}

/** Its configuration; empty when somebody has written it as YAML. */
function valuesOf({ configurationValues }: Addon): Record<string, unknown> {
  try {
    return JSON.parse(configurationValues || '{}');
  } catch {
    return {};
  }
}

const hasAll = (values: Record<string, unknown>, wanted: Record<string, string>): boolean =>
  Object.entries(wanted).every(([name, value]) => String(values[name]) === value);
