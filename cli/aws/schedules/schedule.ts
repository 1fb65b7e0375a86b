/** `gcd-sfn schedule`: creates, lists and deletes the schedules of a stack. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../../../core/errors/errors.ts';
import { checkVersion } from '../../../runs/aws/start/check-version.ts';
import { checkWorkersFit } from '../../../runs/aws/start/check-workers-fit.ts';
import { type PackSource, packSource, withImage } from '../../../runs/aws/start/image-source.ts';
import { scheduleRun, unscheduleRun } from '../../../runs/aws/stored-requests.ts';
import { freezeFor } from '../../../runs/prepare-run.ts';
import { showCodeTaken } from '../../commands/start/show-code-taken.ts';
import { printLines } from '../../terminal/output.ts';
import { table } from '../../terminal/table.ts';
import { type Asking, atTerminal } from '../confirm.ts';
import { confirmSubscription } from '../confirm-subscription.ts';
import { type Connect, connect } from '../connect.ts';
import { confirmCopy, showCopy } from '../copy/ask.ts';
import { dataFolder } from '../copy/folder.ts';
import { stackName } from '../options.ts';
import { checkAccountForRequest } from '../quotas/check-account.ts';
import { refuseImpossible, showFindings } from '../quotas/findings.ts';
import { draftRequest, readProject, regionOf } from '../resolve-request.ts';

export interface ScheduleOptions {
  project: string;
  expression?: string;
  timezone?: string;
  number?: number;
  file: string[];
  scalenodes?: number;
  repeat: number;
  cluster?: string;
  nodegroup_name?: string;
  instance_type?: string;
  cleanup?: boolean;
  copyData?: boolean;
  stack?: string;
  region?: string;
  json?: boolean;
}

export interface ScheduleParts {
  connect: Connect;
  pack: PackSource;
  asking?: Asking;
}

export async function schedule(
  action: 'create' | 'list' | 'delete',
  name: string | undefined,
  options: ScheduleOptions,
  parts: ScheduleParts = { connect, pack: packSource },
): Promise<void> {
  if (action === 'list') return list(options, parts);
  if (name === undefined)
    throw new UsageError(`schedule ${action} needs a name`, { hint: `gcd-sfn schedule ${action} NAME` });
  if (action === 'create') return create(name, options, parts);
  const cloud = await parts.connect({ stack: stackName(options), region: options.region ?? null });
  const exists = (await cloud.schedules.find(name)) !== undefined;
  await unscheduleRun(cloud, name);
  if (options.json) console.log(JSON.stringify({ name, deleted: exists }));
  else console.error(exists ? `schedule ${name} was deleted` : `there is no schedule ${name}: nothing to do`);
}

async function list(options: ScheduleOptions, parts: ScheduleParts): Promise<void> {
  const cloud = await parts.connect({ stack: stackName(options), region: options.region ?? null });
  const found = await cloud.schedules.list();
  if (options.json) console.log(JSON.stringify({ schedules: found }, undefined, 2));
  else if (found.length === 0) console.error('there is no schedule');
  else
    printLines(
      table(
        [{ head: 'name' }, { head: 'when' }, { head: 'time zone' }],
        found.map((one) => [one.name, one.expression, one.timezone ?? 'UTC']),
      ),
    );
}

async function create(name: string, options: ScheduleOptions, parts: ScheduleParts): Promise<void> {
  const { expression } = options;
  if (expression === undefined)
    throw new UsageError('--expression is missing: when should the runs start?', {
      hint: "Add --expression 'rate(1 day)', or 'cron(0 6 * * ? *)'.",
    });
  const asked = await readProject(resolve(options.project), { ...options, cluster: options.cluster ?? null });
  const cloud = await parts.connect({ stack: stackName(options), region: options.region ?? regionOf(asked) });
  checkVersion(cloud.stack);
  const where = { ...options, cluster: options.cluster ?? null };
  const { draft, prices } = await draftRequest(cloud, asked, where, name);
  await checkWorkersFit(cloud, draft);
  let wanted = draft;
  const names = await cloud.clusterNames();
  const makesCluster = !names.includes(wanted.target.cluster.name);
  const findings = await checkAccountForRequest(cloud, wanted, { makesCluster, clusters: names.length });
  refuseImpossible(findings);
  showFindings(findings);
  const data = await dataFolder(asked);
  if (data) {
    const copy = await data.look(cloud, wanted);
    showCopy(copy, prices);
    await confirmCopy(copy, options, parts.asking ?? atTerminal());
    // The runs read this copy until the schedule is recreated.
    wanted = await data.copy(cloud, wanted, copy);
  }
  const folder = await mkdtemp(join(tmpdir(), 'gcd-sfn-'));
  try {
    const { digest, path } = await freezeFor({ folder }, wanted);
    const source = await parts.pack(path, wanted);
    for (const notice of source.notices ?? []) console.error(notice);
    if (source.taken) showCodeTaken(source.taken, asked.config);
    const request = withImage({ ...wanted, codeDigest: digest }, cloud, source);
    await scheduleRun(cloud, { name, expression, timezone: options.timezone ?? null }, request, source);
    await confirmSubscription(cloud, asked.config);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (options.json) console.log(JSON.stringify({ name, expression, timezone: options.timezone ?? null }));
  else console.error(`schedule ${name}: ${expression}, ${options.timezone ?? 'UTC'}`);
}
