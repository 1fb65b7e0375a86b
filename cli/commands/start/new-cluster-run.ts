/** A new run on a cluster: its plan, its cost, and the questions before it starts. */
import { resolve } from 'node:path';
import { LocalEnvironments } from '../../../adapters/local/environments/local-environments.ts';
import { refuseResultsElsewhere } from '../../../adapters/local/project/outside-links.ts';
import { PythonUnsuitable } from '../../../core/errors/errors.ts';
import type { PriceList } from '../../../core/estimate/cost/price-list.ts';
import { MemoryStore } from '../../../core/memory-store.ts';
import type { EksDraft } from '../../../core/run-store/request/draft.ts';
import type { PackedCode } from '../../../ports/runs.ts';
import type { Cloud } from '../../../runs/aws/cloud.ts';
import type { FolderCopy } from '../../../runs/aws/data-copy/plan-copy.ts';
import { checkVersion } from '../../../runs/aws/start/check-version.ts';
import { checkWorkersFit } from '../../../runs/aws/start/check-workers-fit.ts';
import { type Forecast, forecast } from '../../../runs/aws/start/forecast.ts';
import { previewPackedCode, refuseRenewal } from '../../../runs/aws/start/image-source.ts';
import { refuseTakenName } from '../../../runs/aws/start/start-run.ts';
import { checkProject } from '../../../runs/check-project.ts';
import { atTerminal, confirmStart } from '../../aws/confirm.ts';
import { confirmSubscription } from '../../aws/confirm-subscription.ts';
import { connect } from '../../aws/connect.ts';
import { confirmCopy, copyJson, showCopy } from '../../aws/copy/ask.ts';
import { type DataFolder, dataFolder } from '../../aws/copy/folder.ts';
import { showCredentialsSource } from '../../aws/credentials-source.ts';
import { stackName } from '../../aws/options.ts';
import { personOf } from '../../aws/person.ts';
import { checkAccountForRequest } from '../../aws/quotas/check-account.ts';
import { type Finding, refuseImpossible, showFindings } from '../../aws/quotas/findings.ts';
import { draftRequest, readProject, regionOf } from '../../aws/resolve-request.ts';
import { showForecast } from '../../aws/show-forecast.ts';
import { openRuns } from '../../run/open-runs.ts';
import { shownPath } from '../../terminal/paths.ts';
import { Listing } from '../../terminal/planned-files.ts';
import { detachedFromAws } from './detach.ts';
import { showListing } from './dry-run.ts';
import type { NewRun } from './new-run.ts';
import type { StartOptions } from './options.ts';
import { type StartParts, startReport } from './parts.ts';
import { newRunName } from './run-name.ts';
import { showCodeTaken } from './show-code-taken.ts';

/**
 * Asks AWS for prices, quotas and the data, changes nothing.
 * @throws UsageError, ProjectInvalid, ConfigInvalid; NotFound without a stack; VersionMismatch, LimitExceeded, AccessDenied
 */
export async function newClusterRun(options: StartOptions, parts: StartParts): Promise<NewRun> {
  refuseRenewal(options);
  const { asking = atTerminal(), check = checkEntrypoint, services } = parts;
  const runs = await openRuns(options.project, services);
  refuseResultsElsewhere(runs.project);
  const project = await readProject(resolve(options.project), options);
  await check(project.project);
  const packed = await previewPackedCode(project);
  const place = { stack: stackName(options), region: options.region ?? regionOf(project) };
  const cloud = await (services?.connect ?? connect)(place);
  checkVersion(cloud.stack);
  const run = options.name ?? newRunName();
  runs.folder.checkName(run);
  await refuseTakenName(cloud, run);
  const { draft, prices } = await draftRequest(cloud, project, options, run);
  await checkWorkersFit(cloud, draft);
  const listing = new Listing(options.dryRun === true && options.json === true);
  const folder = await dataFolder(project);
  const ahead = await forecast(cloud, draft, {
    prices,
    scratch: new MemoryStore(),
    whole: options.dryRun ?? false,
    folder: folder?.store,
    onFile: (file) => listing.add(file),
  });
  const findings = await checkAccountForRequest(cloud, draft, ahead);
  const copy = folder && { folder, plan: await folder.look(cloud, draft) };
  const plan: ClusterPlan = { cloud, draft, packed, ahead, prices, findings, copy, listing };
  const json = options.json ?? false;
  const start = async () => {
    const ready = copy ? await copy.folder.copy(cloud, draft, copy.plan) : draft;
    // The stack is known already.
    const known = await openRuns(runs.project, { ...services, connect: async () => cloud });
    return known.start(ready, { stack: place, report: startReport(draft.config) });
  };
  return {
    start,
    dryRun: async () => (json ? printJson(plan) : showDryRun(plan)),
    confirm: async () => {
      await showPlan(plan);
      if (copy) await confirmCopy(copy.plan, options, asking);
      await confirmStart(cloud, draft.target, ahead.makesCluster, options, asking);
      await confirmSubscription(cloud, draft.config);
    },
    detach: async () => detachedFromAws(await start(), json),
  };
}

interface ClusterPlan {
  cloud: Cloud;
  draft: EksDraft;
  packed: PackedCode;
  ahead: Forecast;
  prices: PriceList;
  findings: Finding[];
  /** The folder with the data, when that is not in S3. */
  copy: { folder: DataFolder; plan: FolderCopy } | undefined;
  listing: Listing;
}

/** @throws QuotaExceeded, CapacityUnavailable when the account cannot run it */
async function showPlan({ cloud, draft, ahead, copy, prices, packed, findings }: ClusterPlan): Promise<void> {
  const { name: stack, region, account } = cloud.stack;
  const where = `stack ${stack} in ${region}, account ${account}, as ${personOf(cloud.caller)}`;
  console.error(`run ${draft.run} of ${shownPath(draft.project)}, on AWS: ${where}`);
  await showCredentialsSource();
  showForecast(ahead, draft);
  if (copy) showCopy(copy.plan, prices);
  showCodeTaken(packed, draft.config);
  refuseImpossible(findings);
  showFindings(findings);
}

function showDryRun({ draft, ahead, copy, prices, packed, findings, listing }: ClusterPlan): void {
  showForecast(ahead, draft);
  if (copy) showCopy(copy.plan, prices);
  showCodeTaken(packed, draft.config);
  showFindings(findings);
  if (ahead.plan) showListing(ahead.plan, listing);
}

function printJson({ draft, ahead, copy, prices, packed, findings, listing }: ClusterPlan): void {
  const { files, plan, estimate, makesCluster } = ahead;
  console.log(
    JSON.stringify({
      ...{ run: draft.run, files, plan, estimate, makesCluster, target: draft.target },
      image: packed,
      ...(copy && { copy: copyJson(copy.plan, prices) }),
      account: findings,
      list: listing.all,
    }),
  );
}

/** With any Python of this machine: the image has its own. */
async function checkEntrypoint(project: string): Promise<void> {
  try {
    await checkProject(new LocalEnvironments(), project, null);
  } catch (error) {
    if (!(error instanceof PythonUnsuitable)) throw error;
    console.error(`skipped the check of entrypoint.py: ${error.message}`);
  }
}
