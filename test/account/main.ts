/**
 * `npm run test:account`: gcd-sfn on a real AWS account, from deploy to destroy, with a report. It runs only for the account
 * that GCD_TEST_ACCOUNT names, in a stack of its own, and removes what it made whatever happens. docs/releasing.md says when.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../adapters/local/version.ts';
import { GcdError } from '../../core/errors/errors.ts';
import { ownAccount, removeData, stackThere, whatIsLeft } from './account.ts';
import { Commands } from './commands.ts';
import { byHand, Report, type Step, time } from './report.ts';
import { Refused, type Settings, settingsOf } from './settings.ts';
import { type Place, removal, type StepToDo, steps } from './steps.ts';

/** For the removal: a cluster takes ten minutes to go, a stack some. */
const removalMs = 50 * 60_000;
/** How often it is tried. */
const tries = 3;

const say = (line: string) => console.error(line);

async function main(): Promise<number> {
  const settings = settingsOf(process.env, new Date());
  const account = await ownAccount(settings);
  const { region } = account;
  sayBefore(settings, region);
  const folder = mkdtempSync(join(tmpdir(), 'gcd-account-'));
  const commands = new Commands({ ...process.env, NO_COLOR: '1' });
  const report = new Report(settings, { 'gcd-sfn': version(), Node: process.version, region });
  const place: Place = { settings, account, commands, folder, begun: [] };
  const onInterrupt = interrupted(settings, commands);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onInterrupt);
  commands.until(settings.deadline, 'its time was over (GCD_TEST_MINUTES)');
  let isOver = false;
  for (const step of steps) {
    const { state } = isOver ? leftOut(report, step) : await take(report, step, place);
    if (state === 'failed' && (step.needed || commands.isCut)) isOver = true;
  }
  commands.goOn(removalMs);
  await remove(report, place);
  commands.end();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onInterrupt);
  rmSync(folder, { recursive: true, force: true });
  const { json, markdown } = report.write();
  say(`\n${report.passed ? 'passed' : 'NOT passed'}: ${markdown}`);
  say(`about $${report.dollars.toFixed(2)} by the price list; what to send us: ${json}`);
  if (report.inventory?.length !== 0) for (const line of byHand(settings)) say(line);
  return report.passed ? 0 : 1;
}

function sayBefore(settings: Settings, region: string): void {
  const { account, name, instanceType, budget, deadline, folder } = settings;
  say(
    `account ${account}, ${region}: stack and cluster ${name}, nodes of ${instanceType}, bucket ${name}-data`,
  );
  say(
    'It takes an hour or so, and costs about $1: a cluster for an hour, a node for some minutes, two builds. At the',
  );
  say(
    `most $${budget} for each of its three runs (GCD_TEST_BUDGET), and $0.10 for each further hour of the cluster.`,
  );
  say(
    `From ${new Date(deadline).toISOString()} on it only removes what it made. Ctrl-C does the same at once.`,
  );
  say(`If it is killed, this removes the rest (${folder}/report.md has it, too):`);
  for (const line of byHand(settings)) say(line);
}

/** Ends a step; the removal is never ended by the first. */
function interrupted(settings: Settings, commands: Commands): () => void {
  let times = 0;
  return () => {
    times++;
    if (times === 1) {
      say('\ninterrupted: what was made is removed now; once more, and it stays');
      return commands.cut('it was interrupted');
    }
    say('what is left costs money until it is removed:');
    for (const line of byHand(settings)) say(line);
    process.exit(130);
  };
}

async function take(report: Report, { name, does }: StepToDo, place: Place): Promise<Step> {
  say(`\n== ${name}`);
  place.commands.noted = [];
  const begun = performance.now();
  const step: Step = { name, state: 'passed', seconds: 0, says: '', dollars: null, commands: [] };
  try {
    place.commands.checkTime();
    const { says, dollars } = await does(place);
    Object.assign(step, { says, dollars: dollars ?? null });
  } catch (error) {
    const said = error instanceof GcdError ? `${error.name}: ${error.message}` : String(error);
    Object.assign(step, { state: 'failed', says: said });
  }
  step.seconds = (performance.now() - begun) / 1000;
  step.commands = place.commands.noted;
  report.steps.push(step);
  report.write();
  say(`== ${step.state} after ${time(step.seconds)}: ${step.says}`);
  return step;
}

function leftOut(report: Report, { name }: StepToDo): Step {
  const step: Step = {
    ...{
      name,
      state: 'left out',
      seconds: 0,
      says: 'what it needs is not there',
      dollars: null,
      commands: [],
    },
  };
  report.steps.push(step);
  return step;
}

/** Tried again as long as something is left: AWS lets some things go late. */
async function remove(report: Report, place: Place): Promise<void> {
  for (let round = 1; round <= tries; round++) {
    if (await stackThere(place.account).catch(() => true))
      for (const step of removal) {
        const before = report.steps.findIndex(({ name }) => name === step.name);
        if (before !== -1 && report.steps[before]?.state === 'passed') continue;
        if (before !== -1) report.steps.splice(before, 1);
        await take(report, step, place);
      }
    const left = await removeData(place.account)
      .then(() => whatIsLeft(place.account))
      .catch((error) => [`not known: ${error}`]);
    report.inventory = left;
    report.write();
    say(left.length === 0 ? 'nothing is left in the account' : `still there: ${left.join(', ')}`);
    if (left.length === 0) return;
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    if (!(error instanceof Refused || error instanceof GcdError)) throw error;
    console.error(error.message);
    process.exit(2);
  },
);
