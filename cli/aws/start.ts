/** `gcd-sfn start --cluster NAME`: plan, ask, begin on AWS, follow, bring the results here. */
import { resolve } from 'node:path';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { refuseResultsElsewhere } from '../../adapters/local/project/outside-links.ts';
import { readRemote } from '../../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { ExitCode, PythonUnsuitable } from '../../core/errors/errors.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import { AwsRun } from '../../runs/aws/aws-run.ts';
import { checkNameOnAws } from '../../runs/aws/begin.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { type Forecast, forecast, type Wanted } from '../../runs/aws/forecast.ts';
import { checkProject } from '../../runs/check-project.ts';
import { showListing } from '../run/dry-run.ts';
import { newRunName } from '../run/run-name.ts';
import { commandLine } from '../status/words.ts';
import { Listing } from '../view/listing.ts';
import { shownPath } from '../view/paths.ts';
import { followRun } from '../watch/follow-run.ts';
import { type ClusterOptions, readProject, regionOf, wantedOn } from './asked.ts';
import { type Begun, beginFromHere } from './begin.ts';
import { type Asking, atTerminal, type ConfirmOptions, confirmStart } from './confirm.ts';
import { confirmSubscription } from './confirm-subscription.ts';
import { type Connect, connect } from './connect.ts';
import { type CopyOptions, confirmCopy, copyJson, showCopy } from './copy/ask.ts';
import { dataFolder } from './copy/folder.ts';
import { showCredentialsSource } from './credentials-source.ts';
import { endRemote } from './end.ts';
import { interruptibleOnAws } from './interrupt.ts';
import { stackName } from './options.ts';
import { pack } from './pack.ts';
import { personOf } from './person.ts';
import { checkAccountForRequest } from './quotas/check-account.ts';
import { refuseImpossible, showFindings } from './quotas/findings.ts';
import { showForecast } from './show-forecast.ts';
import type { PackSource } from './source.ts';
import { checkVersion } from './stack/check-version.ts';
import { lookAtTaken, showTaken } from './taken.ts';

export interface StartOnAws extends ClusterOptions, ConfirmOptions, CopyOptions {
  project: string;
  stack?: string;
  region?: string;
  name?: string;
  detach?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** What is put in by tests. */
export interface StartParts {
  connect: Connect;
  asking: Asking;
  pack: PackSource;
  check: (project: string) => Promise<void>;
  /** Between two polls. */
  seconds?: number;
}

const usualParts = (): StartParts => ({ connect, asking: atTerminal(), pack, check: checkHere });

/** @returns the exit code */
export async function startOnAws(options: StartOnAws, parts = usualParts()): Promise<ExitCode> {
  const project = resolve(options.project);
  const runs = new RunsFolder(project);
  refuseResultsElsewhere(project);
  const asked = await readProject(project, options);
  await parts.check(asked.project);
  const taken = await lookAtTaken(asked);
  const cloud = await parts.connect({ stack: stackName(options), region: options.region ?? regionOf(asked) });
  checkVersion(cloud.stack);
  const run = options.name ?? newRunName();
  runs.checkName(run);
  await checkNameOnAws(cloud, run);
  const { wanted, prices } = await wantedOn(cloud, asked, options, run);
  const folder = await dataFolder(asked);
  const listing = new Listing(options.dryRun === true && options.json === true);
  const ahead = await forecast(cloud, wanted, {
    prices,
    scratch: new MemoryStore(),
    whole: options.dryRun ?? false,
    folder: folder?.store,
    onFile: (file) => listing.add(file),
  });
  const findings = await checkAccountForRequest(cloud, wanted, ahead);
  const copy = await folder?.look(cloud, wanted);
  if (options.dryRun) {
    if (options.json)
      console.log(
        JSON.stringify({
          ...forecastJson(ahead, wanted),
          image: taken,
          ...(copy && { copy: copyJson(copy, prices) }),
          account: findings,
          list: listing.all,
        }),
      );
    else {
      showForecast(ahead, wanted);
      if (copy) showCopy(copy, prices);
      showTaken(taken, asked.config);
      showFindings(findings);
      if (ahead.plan) showListing(ahead.plan, listing);
    }
    return ExitCode.done;
  }
  const { name: stack, region, account } = cloud.stack;
  const where = `stack ${stack} in ${region}, account ${account}, as ${personOf(cloud.caller)}`;
  console.error(`run ${run} of ${shownPath(asked.project)}, on AWS: ${where}`);
  await showCredentialsSource();
  showForecast(ahead, wanted);
  if (copy) showCopy(copy, prices);
  showTaken(taken, asked.config);
  refuseImpossible(findings);
  showFindings(findings);
  if (copy) await confirmCopy(copy, options, parts.asking);
  await confirmStart(cloud, wanted.target, ahead.makesCluster, options, parts.asking);
  await confirmSubscription(cloud, asked.config);
  const ready = folder && copy ? await folder.copy(cloud, wanted, copy) : wanted;
  const begun = await beginFromHere(cloud, runs, ready, { licence: asked.licence, pack: parts.pack });
  if (options.detach) return sayDetached(begun, cloud, options.json ?? false);
  const followed = awsRun(runs, begun.request.run, cloud, parts.seconds);
  return followToEnd(followed, begun.execution, { json: options.json ?? false });
}

/** A run of a stack that this project knows. */
export function awsRun(runs: RunsFolder, name: string, cloud: Cloud, pollSeconds?: number): AwsRun {
  const remote = readRemote(runs.folderOf(name));
  if (!remote) throw new Error(`run ${name} is not on AWS`);
  return new AwsRun(runs, {
    ...{ name, project: runs.project, remote, connect: async () => cloud },
    ...(pollSeconds !== undefined && { pollSeconds }),
  });
}

/** What to do with a run that nobody follows here. */
export function sayDetached({ request, execution }: Begun, cloud: Cloud, json: boolean): ExitCode {
  const { run, project } = request;
  const { name: stack, region } = cloud.stack;
  if (json) console.log(JSON.stringify({ run, execution, stack, region }));
  else {
    console.error(`run ${run} goes on on AWS, execution ${execution}`);
    console.error(`  ${commandLine('watch', run, project)}    follow it`);
    console.error(`  ${commandLine('stop', run, project)}     stop it`);
    console.error(`  ${commandLine('results', run, project)}  bring its results here when it has ended`);
  }
  return ExitCode.done;
}

/** As its beginner: Ctrl-C stops the run. */
export async function followToEnd(
  run: AwsRun,
  execution: string,
  { json }: { json: boolean },
): Promise<ExitCode> {
  const cloud = await run.cloud();
  console.error(`execution ${execution}: ${consoleAddress(cloud, execution)}`);
  let stopListening = () => {};
  try {
    const end = await followRun(run, {
      signal: new AbortController().signal,
      onPrint: (print) => {
        stopListening = interruptibleOnAws(cloud, run.name, print);
      },
    });
    if (!end?.status) return ExitCode.interrupted;
    return await endRemote(run, end.status, { json, to: `${run.project}/results` });
  } finally {
    stopListening();
  }
}

/** Where AWS's console shows an execution. */
function consoleAddress({ stack }: Cloud, execution: string): string {
  const arn = `${stack.runMachineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
  return `https://${stack.region}.console.aws.amazon.com/states/home?region=${stack.region}#/v2/executions/details/${arn}`;
}

function forecastJson({ files, plan, estimate, makesCluster }: Forecast, { target, run }: Wanted) {
  const { image: _, ...rest } = target;
  return { run, files, plan, estimate, makesCluster, target: rest };
}

/** With whatever Python is here: the one that runs it is the image's. */
async function checkHere(project: string): Promise<void> {
  try {
    await checkProject(new LocalEnvironments(), project, null);
  } catch (error) {
    if (!(error instanceof PythonUnsuitable)) throw error;
    console.error(`entrypoint.py was not looked at beforehand: ${error.message}`);
  }
}
