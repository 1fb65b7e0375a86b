/** From the command line and the project's files to a draft request for a cluster. */

import { basename } from 'node:path';
import type { ZodType } from 'zod';
import { version } from '../../adapters/local/version.ts';
import { refuseEndpoint, refuseLittleMemory } from '../../core/config/cluster-data.ts';
import type { Config } from '../../core/config/config.ts';
import { draftTarget, resolveMachines, type TargetOptions } from '../../core/config/eks-target.ts';
import { type ClusterSettings, loadCluster } from '../../core/config/load-cluster.ts';
import { loadConfig } from '../../core/config/load-config.ts';
import { notices } from '../../core/config/unused-keys.ts';
import { UsageError } from '../../core/errors/errors.ts';
import type { PriceList } from '../../core/estimate/cost/price-list.ts';
import type { EksDraft } from '../../core/run-store/request/draft.ts';
import type { Selection } from '../../core/run-store/request/request.ts';
import { refuseAbove } from '../../core/stack.ts';
import { nameOfCluster, nameOfNodegroup, typeOfInstance } from '../../core/values/aws-names.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { readLicence } from '../../runs/aws/start/licence.ts';
import { projectKey } from '../../runs/aws/start/project-key.ts';
import { select } from '../run/selection.ts';

export interface ClusterOptions {
  number?: number;
  file: string[];
  scalenodes?: number;
  repeat: number;
  cluster: string | null;
  nodegroup_name?: string;
  instance_type?: string;
  cleanup?: boolean;
}

export interface ClusterProject {
  project: string;
  config: Config;
  settings: ClusterSettings;
  selection: Selection;
}

/**
 * Checks what can be checked without asking AWS.
 * @param project absolute path
 * @throws ConfigInvalid, ProjectInvalid, UsageError
 */
export async function readProject(project: string, options: ClusterOptions): Promise<ClusterProject> {
  const config = await loadConfig(project);
  const settings = await loadCluster(project);
  const selection = select({ ...options, project }, config);
  for (const notice of notices(config, 'eks')) console.error(notice);
  refuseEndpoint(config);
  refuseLittleMemory(config);
  // Read again when the run starts: a missing file should be reported before any question.
  await readLicence(config);
  return { project, config, settings, selection };
}

/** Region that the project names; null when it names none. */
export const regionOf = ({ config, settings }: Pick<ClusterProject, 'config' | 'settings'>): string | null =>
  settings.region ?? config.region;

/** @throws UsageError for an invalid name */
function checkNames({ cluster, nodegroup_name, instance_type }: ClusterOptions): void {
  const names: [string, string | null | undefined, ZodType][] = [
    ['--cluster', cluster, nameOfCluster()],
    ['--nodegroup_name', nodegroup_name, nameOfNodegroup()],
    ['--instance_type', instance_type, typeOfInstance()],
  ];
  for (const [option, given, schema] of names) {
    if (given === null || given === undefined) continue;
    const { error } = schema.safeParse(given);
    if (error) throw new UsageError(`${option} ${error.issues[0]?.message}, not ${JSON.stringify(given)}`);
  }
}

/**
 * @param run its name
 * @throws UsageError when a name cannot be, or more nodes are wanted than allowed; LimitExceeded when the stack does not allow
 * it; NotFound for an unknown instance type
 */
export async function draftRequest(
  cloud: Cloud,
  { project, config, settings, selection }: ClusterProject,
  options: ClusterOptions,
  run: string,
): Promise<{ draft: EksDraft; prices: PriceList }> {
  checkNames(options);
  const { region } = cloud.stack;
  // The cluster is in the region of the stack.
  const here = { ...settings, region };
  const given: TargetOptions = {
    cluster: options.cluster ?? settings.name,
    nodes: options.scalenodes ?? null,
    nodegroupName: options.nodegroup_name ?? null,
    instanceType: options.instance_type ?? null,
    cleanUp: options.cleanup ?? false,
    region,
  };
  const { instanceType, spot } = resolveMachines(config, here, given);
  const prices = await cloud.prices.list(region, instanceType, spot);
  const target = draftTarget(config, here, given, prices.instanceVcpus);
  if (cloud.stack.limits) refuseAbove(cloud.stack.limits, target);
  const draft: EksDraft = {
    ...{ run, project, config, selection, target },
    version: version(),
    requestedAt: cloud.clock.now(),
    projectName: basename(project),
    projectKey: await projectKey(project, cloud.caller),
    by: cloud.caller,
    workers: target.nodes * target.workersPerNode,
    repetitions: options.repeat,
  };
  return { draft, prices };
}
