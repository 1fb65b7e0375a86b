/**
 * Service Quotas codes. EC2 counts vCPUs by instance family
 * (https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html), CodeBuild builds by environment and size
 * (https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html).
 */

import { bastionMachine } from '../../../core/bastion.ts';
import { platformOf } from '../../../core/platform.ts';
import type { QuotaSpec } from '../../../ports/cluster/quotas.ts';

interface Family {
  types: RegExp;
  onDemand: [code: string, name: string];
  spot: [code: string, name: string] | null;
}

/** Families that are not listed have a quota of their own, which is not checked. */
const families: Family[] = [
  {
    types: /^(?!hpc|trn|inf|dl|mac)[acdhimrtz]/,
    onDemand: ['L-1216C47A', 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances'],
    spot: ['L-34B43A08', 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests'],
  },
  {
    types: /^(g|vt)\d/,
    onDemand: ['L-DB2E81BA', 'Running On-Demand G and VT instances'],
    spot: ['L-3819A6DF', 'All G and VT Spot Instance Requests'],
  },
  {
    types: /^p\d/,
    onDemand: ['L-417A185B', 'Running On-Demand P instances'],
    spot: ['L-7212CCBC', 'All P4, P3 and P2 Spot Instance Requests'],
  },
  {
    types: /^x\d/,
    onDemand: ['L-7295265B', 'Running On-Demand X instances'],
    spot: ['L-E3A00192', 'All X Spot Instance Requests'],
  },
  {
    types: /^f\d/,
    onDemand: ['L-74FC7D96', 'Running On-Demand F instances'],
    spot: ['L-88CF9481', 'All F Spot Instance Requests'],
  },
  {
    types: /^inf\d/,
    onDemand: ['L-1945791B', 'Running On-Demand Inf instances'],
    spot: ['L-B5D1601B', 'All Inf Spot Instance Requests'],
  },
];

const familyOf = (instanceType: string) => families.find(({ types }) => types.test(instanceType));

/** @returns undefined for a type whose family is not listed */
export function machineQuota(instanceType: string, spot: boolean): QuotaSpec | undefined {
  const [code, name] = familyOf(instanceType)?.[spot ? 'spot' : 'onDemand'] ?? [];
  return code && name ? { service: 'ec2', code, name } : undefined;
}

/** Whether one quota counts instances of both types. */
export const sameQuota = (one: { instanceType: string; spot: boolean }, other: typeof one): boolean =>
  one.spot === other.spot && familyOf(one.instanceType) === familyOf(other.instanceType);

/** The bastion; all sizes of its family that are used have two vCPUs. */
export const bastion = { instanceType: bastionMachine.instanceType, spot: false, vcpus: 2 } as const;

/** Concurrent builds of the size of the stack's CodeBuild project (stack/image.yml). */
export function buildQuota(instanceType: string): QuotaSpec {
  const isArm = platformOf(instanceType).build.type === 'ARM_CONTAINER';
  const name = `Concurrently running builds for ${isArm ? 'ARM' : 'Linux'}/Medium environment`;
  return { service: 'codebuild', code: isArm ? null : 'L-2DC20C30', name };
}

export const functionQuota: QuotaSpec = {
  service: 'lambda',
  code: 'L-B99A9384',
  name: 'Concurrent executions',
};
export const clusterQuota: QuotaSpec = { service: 'eks', code: 'L-1194D53C', name: 'Clusters' };
export const networkQuota: QuotaSpec = { service: 'vpc', code: 'L-F678F1CE', name: 'VPCs per Region' };
