/** The stage Validate: turns the request into the state that the definition's states get. */

import {
  clusterData,
  refuseLicenceWithoutTarget,
  refuseLittleMemory,
} from '../../core/config/cluster-data.ts';
import { type Platform, platformOf } from '../../core/platform.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { type EksTarget, tagsOf } from '../../core/target.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BastionSpec } from '../../ports/cluster/bastions.ts';
import type { ClusterSpec } from '../../ports/cluster/clusters.ts';
import type { ImageSpec } from '../../ports/cluster/images.ts';
import type { NodegroupSpec } from '../../ports/cluster/nodegroups.ts';

/** Input of the states that follow. */
export interface RunState {
  run: string;
  execution: string;
  /** Seconds since 1970. */
  startedAt: number;
  store: { bucket: string; batches: string; mapOutput: string };
  repetitions: number;
  /** The next repetition. */
  next: { repetition: number };
  /** Name of the cluster; null on this machine. */
  cluster: string | null;
  /** Placeholders of what later states find out: a JSONPath must resolve. */
  bastion: null;
  prepared: { built: false; nodes: 0; bastion: null };
  /** Why not all batches of the last repetition were dispatched. */
  stopped: null;
  /** Why the work failed, and finally the execution. */
  outcome: Record<string, never>;
  /** Failures of final states, by name: those that fail the execution, and those that do not. */
  failures: Record<string, never>;
  passed: Record<string, never>;
  target: { kind: 'local' } | EksState;
}

/** Specs for the states of a cluster, each below its name. */
export interface EksState {
  kind: 'eks';
  image: ImageSpec & { build: Platform['build'] };
  hasBastion: boolean;
  bastion: BastionSpec;
  cluster: ClusterSpec;
  nodegroup: NodegroupSpec;
  nodes: { cluster: string; nodegroup: string; waitSeconds: number };
  cleanUp: boolean;
}

/** @param place bucket and prefix of the run's store, as an ItemReader names them */
export const validate =
  ({ clock }: { clock: Clock }) =>
  (request: RunRequest, place: { bucket: string; prefix: string }, execution: string): RunState => {
    const startedAt = clock.now();
    return {
      run: request.run,
      execution,
      startedAt,
      store: {
        bucket: place.bucket,
        batches: `${place.prefix}${layout.batches}`,
        mapOutput: `${place.prefix}map-output`,
      },
      repetitions: request.repetitions,
      next: { repetition: 1 },
      cluster: request.target.kind === 'local' ? null : request.target.cluster.name,
      bastion: null,
      prepared: { built: false, nodes: 0, bastion: null },
      stopped: null,
      outcome: {},
      failures: {},
      passed: {},
      target: request.target.kind === 'local' ? { kind: 'local' } : eksState(request, request.target),
    };
  };

/** @throws UsageError if a cluster cannot reach what the request names */
function eksState(request: RunRequest, target: EksTarget): EksState {
  const { config, projectName } = request;
  clusterData(config);
  refuseLicenceWithoutTarget(config);
  refuseLittleMemory(config);
  const tags = tagsOf(projectName, target.tags);
  const { imagePlatform, build, amiType } = platformOf(target.nodegroup.instanceType);
  const cluster = target.cluster.name;
  return {
    kind: 'eks',
    image: { ...target.image, platform: imagePlatform, build, cache: layersTag(request, imagePlatform) },
    hasBastion: target.bastion !== null,
    bastion: { name: target.bastion ?? '', cluster, tags },
    cluster: { ...target.cluster, tags },
    nodegroup: { ...target.nodegroup, cluster, amiType, tags },
    nodes: { cluster, nodegroup: target.nodegroup.name, waitSeconds: config.nodesWaitSeconds },
    cleanUp: target.cleanUp,
  };
}

/** The name of a project's folder, as requests of earlier versions have it, may contain what a tag may not. */
const layersTag = ({ projectKey, projectName }: RunRequest, platform: string): string =>
  `cache-${(projectKey ?? projectName).replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 100)}-${platform.split('/').at(-1)}`;
