/** What `start` was asked to do on a cluster, as a request without code and image: they come when it is certain. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ZodType } from 'zod';
import { refuseOtherServices } from '../../core/config/cluster-data.ts';
import type { Config } from '../../core/config/config.ts';
import { eksTarget } from '../../core/config/eks-target.ts';
import { type ClusterSettings, loadCluster } from '../../core/config/load-cluster.ts';
import { loadConfig } from '../../core/config/load-config.ts';
import { notices } from '../../core/config/unused-keys.ts';
import { ProjectInvalid, UsageError } from '../../core/errors/errors.ts';
import type { Selection } from '../../core/run-store/request/request.ts';
import { refuseAbove } from '../../core/stack.ts';
import { bastionName } from '../../core/target.ts';
import { nameOfCluster, nameOfNodegroup, typeOfInstance } from '../../core/values/aws-names.ts';
import type { PriceList } from '../../ports/account/prices.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import type { Wanted } from '../../runs/aws/forecast.ts';
import { select } from '../run/selection.ts';
import { version } from '../version.ts';
import { projectKey } from './project-key.ts';

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

export interface ProjectOnAws {
  project: string;
  config: Config;
  settings: ClusterSettings;
  selection: Selection;
  licence: Uint8Array | null;
}

/**
 * Everything that can be said without asking AWS.
 * @param project absolute path
 * @throws ConfigInvalid, ProjectInvalid, UsageError
 */
export async function readProject(project: string, options: ClusterOptions): Promise<ProjectOnAws> {
  const config = await loadConfig(project);
  const settings = await loadCluster(project);
  const selection = select({ ...options, project }, config);
  for (const notice of notices(config, 'eks')) console.error(notice);
  refuseOtherServices(config);
  return { project, config, settings, selection, licence: await licenceOf(config) };
}

/** The licence file's content; null when the configuration names none. @throws ProjectInvalid, UsageError */
export async function licenceOf({
  solverLicenceFile: path,
  solverLicenceTarget,
}: Config): Promise<Uint8Array | null> {
  if (path === null) return null;
  if (solverLicenceTarget === null)
    throw new UsageError(
      'config.yaml says where the licence file is, but not where it appears on the cluster',
      { hint: 'Add solver_lic_target_path_in_images_dest to config.yaml.' },
    );
  return readFile(path).catch((error) => {
    throw new ProjectInvalid(`the licence file ${path} cannot be read: ${error.code}`, {
      hint: 'Correct solver_lic_file_local_source in config.yaml.',
      cause: error,
    });
  });
}

/** Region that the project names; null when it names none. */
export const regionOf = ({ config, settings }: Pick<ProjectOnAws, 'config' | 'settings'>): string | null =>
  settings.region ?? config.region;

/** @throws UsageError for what the command line calls by names that cannot be */
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
 * @throws UsageError when a name cannot be, or more nodes are asked for than may be; LimitExceeded when the stack does not allow
 * it; NotFound when there is no such instance type
 */
export async function wantedOn(
  cloud: Cloud,
  { project, config, settings, selection }: ProjectOnAws,
  options: ClusterOptions,
  run: string,
): Promise<{ wanted: Wanted; prices: PriceList }> {
  checkNames(options);
  // Where the stack is, the cluster is.
  const here = { ...settings, region: cloud.stack.region };
  const cluster = options.cluster ?? settings.name;
  const targetWith = (vcpus: number) =>
    eksTarget(config, here, {
      cluster,
      nodes: options.scalenodes ?? null,
      nodegroupName: options.nodegroup_name ?? null,
      instanceType: options.instance_type ?? null,
      cleanUp: options.cleanup ?? false,
      region: cloud.stack.region,
      vcpusOf: () => vcpus,
      bastion: null,
      image: { digest: '', source: '' },
    });
  const draft = targetWith(0);
  const { instanceType, spot } = draft.nodegroup;
  const prices = await cloud.prices.list(draft.region, instanceType, spot);
  const bastion = config.bastion ? bastionName(draft.cluster.name) : null;
  const target = { ...targetWith(prices.instanceVcpus), bastion };
  if (cloud.stack.limits) refuseAbove(cloud.stack.limits, target);
  const wanted: Wanted = {
    ...{ run, project, config, selection, target },
    version: version(),
    requestedAt: cloud.clock.now(),
    projectName: basename(project),
    projectKey: await projectKey(project, cloud.caller),
    by: cloud.caller,
    workers: target.nodes * target.workersPerNode,
    repetitions: options.repeat,
  };
  return { wanted, prices };
}
