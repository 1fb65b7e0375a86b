/** The options of `start`. */
import { UsageError } from '../../../core/errors/errors.ts';

/** Of `--cluster`: this machine. */
export const defaultCluster = 'local';

export interface StartOptions {
  project: string;
  number?: number;
  file: string[];
  scalenodes?: number;
  repeat: number;
  cluster: string;
  nodegroup_name?: string;
  instance_type?: string;
  create?: boolean;
  copyData?: boolean;
  cleanup?: boolean;
  stack?: string;
  region?: string;
  yes?: boolean;
  name?: string;
  detach?: boolean;
  resume?: boolean;
  retryFailed?: boolean;
  renewPackages?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** The arguments of a command line that starts the same run, without its name. */
export function argumentsOf(options: StartOptions): string[] {
  const { project, number, file, scalenodes, repeat, cluster, create, copyData, cleanup } = options;
  const { renewPackages, json } = options;
  return [
    'start',
    ...['--project', project],
    ...(number === undefined ? [] : ['--number', `${number}`]),
    ...file.flatMap((key) => ['--file', key]),
    ...(scalenodes === undefined ? [] : ['--scalenodes', `${scalenodes}`]),
    ...(repeat === 1 ? [] : ['--repeat', `${repeat}`]),
    ...(cluster === defaultCluster ? [] : ['--cluster', cluster]),
    ...(create ? ['--create'] : []),
    ...(copyData ? ['--copy-data'] : []),
    ...(cleanup ? ['--cleanup'] : []),
    ...(renewPackages ? ['--renew-packages'] : []),
    ...(json ? ['--json'] : []),
  ];
}

const clusterOptions = {
  nodegroup_name: '--nodegroup_name',
  instance_type: '--instance_type',
  create: '--create',
  copyData: '--copy-data',
  cleanup: '--cleanup',
  stack: '--stack',
  region: '--region',
} as const;

/** @throws UsageError for an option that only a run on a cluster has */
export function refuseClusterOptions(options: StartOptions): void {
  const given = Object.entries(clusterOptions).find(
    ([key]) => options[key as keyof typeof clusterOptions] !== undefined,
  );
  if (given)
    throw new UsageError(`${given[1]} is for a run on a cluster`, {
      hint: 'Name the cluster with --cluster, or leave it out.',
    });
}
