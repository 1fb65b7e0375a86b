/** Whether an account can have what a run or a stack needs, before anything is made. */
import { GcdError, NotFound } from '../../../core/errors/errors.ts';
import type { MachineInUse, Offer, Quotas } from '../../../ports/cluster/quotas.ts';
import {
  bastion,
  buildQuota,
  clusterQuota,
  functionQuota,
  machineQuota,
  networkQuota,
  sameQuota,
} from './codes.ts';
import { askFor, type Finding, looked } from './findings.ts';

export interface RunWanted {
  region: string;
  cluster: string;
  instanceType: string;
  spot: boolean;
  nodes: number;
  hasBastion: boolean;
  makesCluster: boolean;
  /** Clusters that the region has. */
  clusters: number;
  subnetIds: string[];
}

/** A run has some five functions at work at once, the janitor one. */
const functionsOfRun = 6;
/** Accounts that ever had a higher quota are not on the free plan. */
const newAccountVcpus = 32;

/** @returns what is lacking or could not be looked at, and that the nodes fit when they do */
export async function lookAtRun(quotas: Quotas, want: RunWanted): Promise<Finding[]> {
  const { region, instanceType, subnetIds } = want;
  const offer = await quotas.offer(instanceType, subnetIds).catch((error) => {
    if (error instanceof GcdError) return error;
    throw error;
  });
  const found = await Promise.all([
    looked(`whether ${instanceType} is offered`, async () => {
      if (offer instanceof NotFound) return { level: 'impossible', isOffer: true, says: offer.message };
      if (offer instanceof GcdError) throw offer;
      return ofOffer(offer, want);
    }),
    looked('the quota of vCPUs', async () => {
      if (offer instanceof GcdError) return undefined;
      return ofMachines(quotas, want, offer);
    }),
    looked('the quota of builds', () => ofBuilds(quotas, want)),
    looked('the quota of functions', () => ofFunctions(quotas, region)),
    looked('the quota of clusters', () => ofClusters(quotas, want)),
  ]);
  return found.flat();
}

/** @returns whether there is room for the stack's network */
export function lookAtStack(quotas: Quotas, region: string): Promise<Finding[]> {
  return looked('the quota of networks', async () => {
    const [quota, used] = await Promise.all([quotas.quota(networkQuota), quotas.networks()]);
    if (used < quota.limit) return undefined;
    return {
      level: 'impossible',
      says: `the stack makes a network, and ${region} has ${used} of the ${quota.limit} that the account may have (${quota.name})`,
      hint: askFor(quota, used + 1, region),
    };
  });
}

function ofOffer({ zones, offeredIn }: Offer, { instanceType, region }: RunWanted): Finding | undefined {
  if (offeredIn.length === zones.length) return undefined;
  if (offeredIn.length === 0)
    return {
      ...{ level: 'impossible', isOffer: true },
      says: `AWS offers no ${instanceType} in the zones of the stack (${zones.join(', ')} in ${region})`,
      hint: 'Take another instance type: gcd-sfn start -in TYPE, or instance_type in config.yaml.',
    };
  return {
    level: 'note',
    says: `AWS offers ${instanceType} in ${offeredIn.join(', ')} only, not in ${zones.filter((zone) => !offeredIn.includes(zone)).join(', ')}: all nodes start there`,
  };
}

async function ofMachines(quotas: Quotas, want: RunWanted, offer: Offer): Promise<Finding[]> {
  const { instanceType, spot, nodes, region } = want;
  const wanted = machineQuota(instanceType, spot);
  if (!wanted) return [];
  const [quota, machines] = await Promise.all([quotas.quota(wanted), quotas.machines()]);
  const free = Math.max(0, quota.limit - usedBeside(want, machines));
  const fitting = Math.floor(free / offer.vcpus);
  const others = quota.limit - free;
  const have = `of the ${quota.limit} that the account may have at once (${quota.name}) ${others > 0 ? `${others} are in use` : 'none is in use'}`;
  // A spot node leaves the quota of the bastion alone.
  const isCounted = want.hasBastion && sameQuota(want, bastion);
  const need = nodes * offer.vcpus + (isCounted ? bastion.vcpus : 0);
  const needs = `${nodes} × ${instanceType}${isCounted ? ' and the bastion' : ''} need ${need} vCPUs, and ${have}`;
  const hint = askFor(quota, others + need, region);
  if (fitting === 0) return [{ level: 'impossible', says: `${needs}: not a single node could start`, hint }];
  const found = quota.limit <= newAccountVcpus ? ofFreePlan(offer, instanceType) : [];
  if (fitting < nodes)
    return [
      {
        level: 'note',
        says: `${needs}: the run gets ${fitting === 1 ? '1 node' : `${fitting} nodes`}`,
        hint,
      },
      ...found,
    ];
  if (need > free)
    return [
      {
        level: 'note',
        says: `${needs}: the nodes come first, and the bastion stays away while they are there`,
        hint,
      },
      ...found,
    ];
  return [{ level: 'ok', says: needs }, ...found];
}

/** vCPUs that others have: nodes of the run's own cluster are there for it, too. */
function usedBeside(want: RunWanted, machines: MachineInUse[]): number {
  const counted = machines.filter((one) => sameQuota(one, want) && one.cluster !== want.cluster);
  return counted.reduce((sum, { vcpus }) => sum + vcpus, 0);
}

/** Which plan an account is on is told by no client that is here; what is in it is. */
function ofFreePlan({ freePlan }: Offer, instanceType: string): Finding[] {
  if (freePlan) return [];
  return [
    {
      level: 'note',
      says: `${instanceType} is none of the types of AWS's free plan: an account on that plan gets no such machine`,
      hint: 'aws freetier get-account-plan-state says which plan it is. On the free plan take -in m7i-flex.large or -in c7i-flex.large, or upgrade the account in the Billing console.',
    },
  ];
}

/** Builds of new accounts are refused although Service Quotas shows a value, so that this may say less than is true. */
async function ofBuilds(quotas: Quotas, { instanceType, region }: RunWanted): Promise<Finding | undefined> {
  const quota = await quotas.quota(buildQuota(instanceType));
  if (quota.limit >= 1) return undefined;
  return {
    level: 'note',
    says: `the account may have ${quota.limit} builds at once (${quota.name}): a run whose image is not there yet fails`,
    hint: askFor(quota, 1, region),
  };
}

async function ofFunctions(quotas: Quotas, region: string): Promise<Finding | undefined> {
  const quota = await quotas.quota(functionQuota);
  if (quota.limit >= functionsOfRun) return undefined;
  return {
    level: 'note',
    says: `a run has some ${functionsOfRun} functions at work at once, and the account may have ${quota.limit} (${quota.name}): it will be slow`,
    hint: askFor(quota, 10, region),
  };
}

async function ofClusters(
  quotas: Quotas,
  { makesCluster, clusters, region }: RunWanted,
): Promise<Finding | undefined> {
  if (!makesCluster) return undefined;
  const quota = await quotas.quota(clusterQuota);
  if (clusters < quota.limit) return undefined;
  return {
    level: 'impossible',
    says: `${region} has ${clusters} clusters, and the account may have ${quota.limit} (${quota.name})`,
    hint: `Take one that is there: --cluster NAME. ${askFor(quota, clusters + 1, region)}`,
  };
}
