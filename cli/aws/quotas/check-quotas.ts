/** Checks quotas and instance offerings before a run or a stack is created. */
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
import { attempt, type Finding, increaseHint } from './findings.ts';

export interface RunNeeds {
  region: string;
  cluster: string;
  instanceType: string;
  spot: boolean;
  nodes: number;
  hasBastion: boolean;
  makesCluster: boolean;
  /** Number of clusters in the region. */
  clusters: number;
  subnetIds: string[];
}

/** Concurrent Lambda invocations: about five for a run, one for the janitor. */
const functionsOfRun = 6;
/** Accounts with a higher quota are not on the free plan. */
const newAccountVcpus = 32;

/** @returns shortages, checks that failed, and an `ok` when the nodes fit */
export async function checkRunQuotas(quotas: Quotas, want: RunNeeds): Promise<Finding[]> {
  const { region, instanceType, subnetIds } = want;
  const offer = await quotas.offer(instanceType, subnetIds).catch((error) => {
    if (error instanceof GcdError) return error;
    throw error;
  });
  const found = await Promise.all([
    attempt(`whether ${instanceType} is offered`, async () => {
      if (offer instanceof NotFound) return { level: 'impossible', isOffer: true, says: offer.message };
      if (offer instanceof GcdError) throw offer;
      return checkOffer(offer, want);
    }),
    attempt('the vCPU quota', async () => {
      if (offer instanceof GcdError) return undefined;
      return checkVcpus(quotas, want, offer);
    }),
    attempt('the quota of concurrent builds', () => checkBuilds(quotas, want)),
    attempt('the quota of concurrent functions', () => checkFunctions(quotas, region)),
    attempt('the quota of clusters', () => checkClusters(quotas, want)),
  ]);
  return found.flat();
}

/** @returns a finding when the VPC quota leaves no room for the stack's network */
export function checkStackQuotas(quotas: Quotas, region: string): Promise<Finding[]> {
  return attempt('the quota of VPCs', async () => {
    const [quota, used] = await Promise.all([quotas.quota(networkQuota), quotas.networks()]);
    if (used < quota.limit) return undefined;
    return {
      level: 'impossible',
      says: `the stack creates a VPC, and ${region} already has ${used} of ${quota.limit} (${quota.name})`,
      hint: increaseHint(quota, used + 1, region),
    };
  });
}

function checkOffer({ zones, offeredIn }: Offer, { instanceType, region }: RunNeeds): Finding | undefined {
  if (offeredIn.length === zones.length) return undefined;
  if (offeredIn.length === 0)
    return {
      ...{ level: 'impossible', isOffer: true },
      says: `AWS offers no ${instanceType} in the zones of the stack (${zones.join(', ')} in ${region})`,
      hint: 'Use another instance type: gcd-sfn start -in TYPE, or instance_type in config.yaml.',
    };
  return {
    level: 'note',
    says: `AWS offers ${instanceType} in ${offeredIn.join(', ')} only, not in ${zones.filter((zone) => !offeredIn.includes(zone)).join(', ')}: all nodes start there`,
  };
}

async function checkVcpus(quotas: Quotas, want: RunNeeds, offer: Offer): Promise<Finding[]> {
  const { instanceType, spot, nodes, region } = want;
  const wanted = machineQuota(instanceType, spot);
  if (!wanted) return [];
  const [quota, machines] = await Promise.all([quotas.quota(wanted), quotas.machines()]);
  const free = Math.max(0, quota.limit - usedBeside(want, machines));
  const fitting = Math.floor(free / offer.vcpus);
  const others = quota.limit - free;
  const have = `the quota is ${quota.limit} (${quota.name}), of which ${others > 0 ? others : 'none'} ${others === 1 || others <= 0 ? 'is' : 'are'} in use`;
  // A spot node leaves the quota of the bastion alone.
  const isCounted = want.hasBastion && sameQuota(want, bastion);
  const need = nodes * offer.vcpus + (isCounted ? bastion.vcpus : 0);
  const needs = `${nodes} × ${instanceType}${isCounted ? ' and the bastion' : ''} need ${need} vCPUs, and ${have}`;
  const hint = increaseHint(quota, others + need, region);
  if (fitting === 0) return [{ level: 'impossible', says: `${needs}: not a single node could start`, hint }];
  const found = quota.limit <= newAccountVcpus ? checkFreePlan(offer, instanceType) : [];
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
        says: `${needs}: the nodes have priority, and the bastion is not started while they run`,
        hint,
      },
      ...found,
    ];
  return [{ level: 'ok', says: needs }, ...found];
}

/** vCPUs in use by others; the run can use nodes of its own cluster. */
function usedBeside(want: RunNeeds, machines: MachineInUse[]): number {
  const counted = machines.filter((one) => sameQuota(one, want) && one.cluster !== want.cluster);
  return counted.reduce((sum, { vcpus }) => sum + vcpus, 0);
}

/** No API that is used here tells an account's plan, but EC2 tells which types the free plan has. */
function checkFreePlan({ freePlan }: Offer, instanceType: string): Finding[] {
  if (freePlan) return [];
  return [
    {
      level: 'note',
      says: `${instanceType} is not in AWS's free plan: an account on that plan cannot start it`,
      hint: 'aws freetier get-account-plan-state shows the plan. On the free plan use -in m7i-flex.large or -in c7i-flex.large, or upgrade the account in the Billing console.',
    },
  ];
}

/** May miss a shortage: AWS rejects builds of new accounts although Service Quotas shows a value. */
async function checkBuilds(quotas: Quotas, { instanceType, region }: RunNeeds): Promise<Finding | undefined> {
  const quota = await quotas.quota(buildQuota(instanceType));
  if (quota.limit >= 1) return undefined;
  return {
    level: 'note',
    says: `the quota of concurrent builds is ${quota.limit} (${quota.name}): a run that has to build its image fails`,
    hint: increaseHint(quota, 1, region),
  };
}

async function checkFunctions(quotas: Quotas, region: string): Promise<Finding | undefined> {
  const quota = await quotas.quota(functionQuota);
  if (quota.limit >= functionsOfRun) return undefined;
  return {
    level: 'note',
    says: `a run uses up to ${functionsOfRun} functions at the same time, and the quota is ${quota.limit} (${quota.name}): it will be slow`,
    hint: increaseHint(quota, 10, region),
  };
}

async function checkClusters(
  quotas: Quotas,
  { makesCluster, clusters, region }: RunNeeds,
): Promise<Finding | undefined> {
  if (!makesCluster) return undefined;
  const quota = await quotas.quota(clusterQuota);
  if (clusters < quota.limit) return undefined;
  return {
    level: 'impossible',
    says: `${region} has ${clusters} clusters, and the quota is ${quota.limit} (${quota.name})`,
    hint: `Use an existing one: --cluster NAME. ${increaseHint(quota, clusters + 1, region)}`,
  };
}
