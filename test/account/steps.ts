/** The steps of the suite, in order: each says what it has seen, or throws. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../../cli/aws/account.ts';
import { packageRoot } from '../support/cli/project.ts';
import { makeData } from './account.ts';
import type { Commands } from './commands.ts';
import type { Settings } from './settings.ts';

export interface Place {
  settings: Settings;
  account: Account;
  commands: Commands;
  /** For projects; gone at the end. */
  folder: string;
  /** Runs that have begun, to be stopped if the suite is. */
  begun: { run: string; project: string }[];
}

export interface Seen {
  says: string;
  /** US dollars. */
  dollars?: number;
}

export interface StepToDo {
  name: string;
  /** The steps after it have no sense when it fails. */
  needed: boolean;
  does(place: Place): Promise<Seen>;
}

const example = join(packageRoot, 'examples/sleep');
const resultsOf = (project: string) => readFileSync(join(project, 'results/results.csv'), 'utf8');
const rowsOf = (csv: string) => csv.trimEnd().split('\n').length - 1;
const whereOf = ({ settings, account }: Place) => ['--stack', settings.name, '--region', account.region];

/** A copy of examples/sleep. @param change of its config.yaml */
function projectIn(folder: string, name: string, change: (config: string) => string): string {
  const project = join(folder, name);
  cpSync(example, project, { recursive: true, filter: (path) => !/\/(\.gcd|results)$/.test(path) });
  const path = join(project, 'config.yaml');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return project;
}

const onAws = ({ settings, folder }: Place, name: string, seconds: string) =>
  projectIn(folder, name, (config) =>
    [
      config
        .replace('data_bucket: ./data', `data_bucket: ${settings.name}-data`)
        .replace(/SLEEP_SECONDS: .*/, `SLEEP_SECONDS: "${seconds}"`),
      `instance_type: ${settings.instanceType}`,
      `budget_usd: ${settings.budget}`,
      'tags: {purpose: gcd-sfn test of an account}',
      '',
    ].join('\n'),
  );

async function started(place: Place, run: string, project: string, ...more: string[]): Promise<void> {
  place.begun.push({ run, project });
  const { settings, commands } = place;
  const cluster = ['--cluster', settings.name, '--scalenodes', '1', '--yes'];
  await commands.done('start', '-p', project, '--name', run, ...cluster, ...whereOf(place), ...more);
}

async function costOf({ commands }: Place, run: string, project: string): Promise<number> {
  const { stdout } = await commands.done('cost', run, '-p', project, '--json');
  return JSON.parse(stdout).dollars;
}

/** Its results have to be those of this machine. */
async function wholeRun(place: Place, run: string, ...more: string[]): Promise<Seen> {
  const project = onAws(place, 'sleep on AWS', '0.5');
  await started(place, run, project, ...more);
  const [own, expected] = [resultsOf(project), resultsOf(join(place.folder, 'here'))];
  if (own !== expected)
    throw new Error(`other results than on this machine:\n${own}\ninstead of\n${expected}`);
  const dollars = await costOf(place, run, project);
  return { says: `${rowsOf(own)} results, the same as on this machine`, dollars };
}

const ends = ['done', 'failed', 'stopped', 'interrupted'];

async function stateOf({ commands }: Place, run: string, project: string) {
  const { stdout } = await commands.done('status', run, '-p', project, '--json');
  return JSON.parse(stdout);
}

/** Its tasks take long, and it is stopped while they run: those end, and no other begins. */
async function stoppedRun(place: Place): Promise<Seen> {
  const { commands, settings } = place;
  const project = onAws(place, 'sleep and be stopped', String(settings.longSeconds));
  // All files: more batches than workers, so that some are handed out, and some are not, when the stop comes.
  await started(place, 'stopped', project, '-n', '0', '--detach');
  for (;;) {
    const { live, state, tasks } = await stateOf(place, 'stopped', project);
    if ((live?.busy ?? 0) > 0 || tasks.succeeded > 0) break;
    if (ends.includes(state)) throw new Error(`it was ${state} before it could be stopped`);
    await sleep(settings.pauseMs);
    commands.checkTime();
  }
  await commands.run('stop', 'stopped', '-p', project);
  for (;;) {
    const { state } = await stateOf(place, 'stopped', project);
    if (ends.includes(state)) break;
    await sleep(settings.pauseMs);
    commands.checkTime();
  }
  await commands.run('results', 'stopped', '-p', project);
  const { tasks, words } = await stateOf(place, 'stopped', project);
  if (tasks.unfinished === 0) throw new Error('it went on to its end');
  if (tasks.succeeded === 0) throw new Error('the tasks that were running did not end');
  const dollars = await costOf(place, 'stopped', project);
  return { says: `${words}: ${tasks.succeeded} of ${tasks.total} tasks were done`, dollars };
}

export const steps: StepToDo[] = [
  {
    name: 'a run on this machine',
    needed: true,
    does: async ({ commands, folder }) => {
      const project = projectIn(folder, 'here', (config) => config);
      await commands.done('start', '-p', project);
      return { says: `${rowsOf(resultsOf(project))} results` };
    },
  },
  {
    name: 'doctor',
    needed: false,
    does: async ({ commands }) => {
      const { stdout } = await commands.done('doctor', '--aws', '--json');
      const checks: { what: string; says: string }[] = JSON.parse(stdout).checks;
      const about = checks.filter(({ what }) => what === 'account').map(({ says }) => says);
      return { says: about.join('\n') };
    },
  },
  {
    name: 'deploy',
    needed: true,
    does: async (place) => {
      const { commands, account } = place;
      const { stdout } = await commands.done('deploy', '--yes', '--json', ...whereOf(place));
      const { outcome, version } = JSON.parse(stdout);
      if (outcome !== 'created') throw new Error(`the stack was ${outcome}, not created`);
      await makeData(account, join(example, 'data'));
      const again = JSON.parse((await commands.done('deploy', '--yes', '--json', ...whereOf(place))).stdout);
      if (again.outcome !== 'unchanged') throw new Error(`a second deploy finds it ${again.outcome}`);
      return { says: `stack of version ${version}; a second deploy has nothing to do` };
    },
  },
  {
    name: 'a first run, which makes the cluster',
    needed: true,
    does: (place) => wholeRun(place, 'first', '--create'),
  },
  {
    name: 'a second run, on the cluster that is there',
    needed: false,
    does: (place) => wholeRun(place, 'second'),
  },
  { name: 'a run that is stopped', needed: false, does: stoppedRun },
  {
    name: 'what there is',
    needed: false,
    does: async (place) => {
      const { stdout } = await place.commands.done('resources', '--json', ...whereOf(place));
      const { resources, cost } = JSON.parse(stdout);
      const kinds = [...new Set(resources.map(({ kind }: { kind: string }) => kind))];
      return {
        says: `${kinds.join(', ')}: $${Number(cost.perHour).toFixed(2)} an hour as long as it is there`,
      };
    },
  },
];

/** However the others ended. The order matters: what comes later cannot go while what comes before is there. */
export const removal: StepToDo[] = [
  {
    name: 'cleanup --all',
    needed: false,
    does: async (place) => {
      const { commands, begun } = place;
      for (const { run, project } of begun) {
        const { code, stdout } = await commands.run('status', run, '-p', project, '--json');
        if (code === 0 && !ends.includes(JSON.parse(stdout).state))
          await commands.run('stop', run, '-p', project, '--now');
      }
      const { stdout } = await commands.done('cleanup', '--all', '--yes', '--json', ...whereOf(place));
      const { left } = JSON.parse(stdout);
      if (left.length > 0) throw new Error(`still there: ${JSON.stringify(left)}`);
      return { says: 'nothing is left but the stack' };
    },
  },
  {
    name: 'destroy',
    needed: false,
    does: async (place) => {
      const { stdout } = await place.commands.done(
        ...['destroy', '--delete-results', '--yes', '--json'],
        ...whereOf(place),
      );
      return { says: `the stack is ${JSON.parse(stdout).outcome}` };
    },
  },
];
