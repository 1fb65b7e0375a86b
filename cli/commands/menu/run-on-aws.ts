/** The menu's questions for a run on AWS: on a cluster that is made for it, or on one that is there. */

import { resolve } from 'node:path';
import { refuseEndpoint } from '../../../core/config/cluster-data.ts';
import { loadCluster } from '../../../core/config/load-cluster.ts';
import { loadConfig } from '../../../core/config/load-config.ts';
import { formatDollars } from '../../../core/format/numbers.ts';
import { connect } from '../../aws/connect.ts';
import { stackName } from '../../aws/options.ts';
import { shellWord } from '../../terminal/paths.ts';
import { askOne, askText, askWhole, askYes } from '../../terminal/prompts.ts';
import { argumentsOf, type StartOptions } from '../start/options.ts';
import { start } from '../start/start.ts';
import { askFiles, askProject, dataInWords, filesInWords, showRows } from './questions.ts';

/** As the predecessor had it. */
const maxNodesOfGroup = 100;
const clusterName = /^[0-9A-Za-z][0-9A-Za-z-]{0,99}$/;

export async function runOnAws(kind: 'new' | 'there'): Promise<void> {
  const project = await askProject();
  const config = await loadConfig(resolve(project));
  const settings = await loadCluster(resolve(project));
  refuseEndpoint(config);
  const cloud = await connect({ stack: stackName({}), region: settings.region ?? config.region });
  const names = await cloud.clusterNames();
  const cluster = await (kind === 'new' ? askNew(settings.name, names) : askThere(names, cloud.stack.region));
  if (cluster === undefined) return;
  const files = await askFiles(config);
  const nodes = await askWhole(
    `How many instances (1–${maxNodesOfGroup})?`,
    settings.nodegroup.nodes ?? 1,
    1,
    maxNodesOfGroup,
  );
  const instanceType = settings.nodegroup.instanceType ?? config.instanceType;
  const prices = await cloud.prices.list(cloud.stack.region, instanceType, config.spot);
  const cleanup = await askYes(
    `Remove the cluster after completion? It costs ${formatDollars(prices.clusterHour)} an hour as long as it is there; its machines go in any case`,
    kind === 'new',
  );
  const options: StartOptions = {
    ...{ project, cluster, file: [], scalenodes: nodes, repeat: 1 },
    ...(kind === 'new' && { create: true }),
    ...(cleanup && { cleanup }),
    ...(files !== undefined && { number: files }),
  };
  showRows([
    ['project', resolve(project)],
    ['data', dataInWords(config)],
    ['files', filesInWords(files, config)],
    ['cluster', `${cluster} in ${cloud.stack.region}${kind === 'new' ? ', to be made' : ''}`],
    ['machines', `${nodes} × ${instanceType}, ${formatDollars(prices.instanceHour)} an hour each`],
    ['after it', cleanup ? 'the cluster is removed' : 'the cluster stays'],
  ]);
  console.error(
    `The same without these questions: gcd-sfn ${argumentsOf(options).map(shellWord).join(' ')}\n`,
  );
  process.exitCode = await start(options);
}

/** @returns options of `cleanup` */
export async function askWhatToRemove(): Promise<string[]> {
  const cloud = await connect({ stack: stackName({}), region: null });
  const names = await cloud.clusterNames();
  return askOne('What should be removed?', [
    ...names.map((name) => ({
      name: `cluster ${name}`,
      value: ['--cluster', name],
      description: 'With its machines, its bastion and its logs.',
    })),
    {
      name: 'everything but the stack',
      value: ['--all'],
      description: 'Also images, queues, uploads and copied data. Results of runs stay.',
    },
  ]);
}

function askNew(standard: string | null, names: string[]): Promise<string> {
  return askText('Name of the cluster', standard ?? 'gcd-cluster', (name) => {
    if (names.includes(name)) return `There is a cluster ${name} already: take resume_from_existing for it.`;
    if (name === 'local') return 'local is this machine.';
    return clusterName.test(name) ? undefined : 'Take up to 100 letters, digits and hyphens.';
  });
}

async function askThere(names: string[], region: string): Promise<string | undefined> {
  if (names.length > 0)
    return askOne(
      'Which cluster?',
      names.map((name) => ({ name, value: name })),
    );
  console.error(`there is no cluster in ${region}; create_cloud_resources_and_start makes one`);
  return undefined;
}
