/** What runs on AWS would cost, and have cost. */
import { resolve } from 'node:path';
import { UsageError } from '../../core/errors/errors.ts';
import { formatTime } from '../../core/format/dates.ts';
import { formatDollars, formatDuration } from '../../core/format/numbers.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import { estimateOn, forecast } from '../../runs/aws/start/forecast.ts';
import type { ProjectRunsOptions } from '../../runs/project-runs.ts';
import { openRuns } from '../run/open-runs.ts';
import { printLines } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import { connect } from './connect.ts';
import { copyJson, showCopy } from './copy/ask.ts';
import { dataFolder } from './copy/folder.ts';
import { stackName } from './options.ts';
import { draftRequest, readProject, regionOf } from './resolve-request.ts';

/** The account on AWS. */
type Services = Partial<ProjectRunsOptions>;

export interface CostOptions {
  project: string;
  number?: number;
  file: string[];
  repeat: number;
  nodes: number[];
  cluster?: string;
  instance_type?: string;
  stack?: string;
  region?: string;
  json?: boolean;
}

/** For several numbers of nodes. */
export async function costOfProject(options: CostOptions, services: Services = {}): Promise<void> {
  const asked = await readProject(resolve(options.project), { ...options, cluster: options.cluster ?? null });
  const cloud = await (services.connect ?? connect)({
    stack: stackName(options),
    region: options.region ?? regionOf(asked),
  });
  const { draft, prices } = await draftRequest(
    cloud,
    asked,
    { ...options, cluster: options.cluster ?? null, scalenodes: 1 },
    'estimate',
  );
  const folder = await dataFolder(asked);
  const ahead = await forecast(cloud, draft, { prices, scratch: new MemoryStore(), folder: folder?.store });
  const copy = await folder?.look(cloud, draft);
  const estimates = options.nodes.map((nodes) => ({ nodes, ...estimateOn(nodes, draft, prices, ahead) }));
  const { instanceType, spot } = draft.target.nodegroup;
  if (options.json) {
    const { files, plan } = ahead;
    const found = { files: files.count, more: files.more, tasks: plan?.tasks ?? null, instanceType, spot };
    const copied = copy && { copy: copyJson(copy, prices) };
    console.log(JSON.stringify({ ...found, ...copied, estimates }, undefined, 2));
    return;
  }
  const range = (value: { low: number; high: number } | null, show: (one: number) => string) =>
    value ? `${show(value.low)} to ${show(value.high)}` : 'not known';
  const columns = ['nodes', 'workers', 'an hour', 'time', 'in all'].map((head) => ({ head, right: true }));
  const rows = estimates.map(({ nodes, perHour, seconds: time, dollars: all }) => [
    String(nodes),
    String(nodes * draft.target.workersPerNode),
    formatDollars(perHour),
    range(time, formatDuration),
    range(all, formatDollars),
  ]);
  printLines(table(columns, rows));
  const [first] = estimates;
  console.error(`${instanceType}${spot ? ' (spot)' : ''}, by the prices of ${first?.pricesOf}`);
  if (first?.seconds === null)
    console.error('how long it takes is not known: none of its tasks has run before');
  for (const note of first?.notes ?? []) console.error(note);
  if (copy) showCopy(copy, prices);
}

/** By its executions. @throws UsageError for a run on this machine, which costs nothing */
export async function costOfRun(
  name: string,
  { project, json }: CostOptions,
  services: Services = {},
): Promise<void> {
  const opened = await (await openRuns(project, services)).open(name, { atWork: true });
  const run = opened.name;
  const costs = await opened.costs();
  if (costs === null)
    throw new UsageError(`run ${run} ran on this machine: it cost nothing`, {
      hint: 'Name a run on AWS; gcd-sfn status shows which are.',
    });
  const sum = costs.reduce((total, one) => total + one.dollars, 0);
  if (json) {
    console.log(JSON.stringify({ run, dollars: sum, executions: costs }, undefined, 2));
    return;
  }
  if (costs.length === 0) {
    console.error(`run ${run} has had no machines yet: it has cost nothing`);
    return;
  }
  const columns = [
    ...[{ head: 'execution' }, { head: 'from' }, { head: 'for', right: true }],
    ...[
      { head: 'an hour', right: true },
      { head: 'cost', right: true },
    ],
  ];
  const rows = costs.map(({ execution, from, seconds: lasted, perHour, dollars: spent }) => [
    ...[execution, formatTime(from), formatDuration(lasted)],
    ...[formatDollars(perHour), formatDollars(spent)],
  ]);
  printLines(table(columns, rows));
  console.log(`${formatDollars(sum)} in all, by the prices of ${costs.at(-1)?.pricesOf}`);
}
