/** Begins runs on AWS as `start --cluster` does: projects, options, and an account in memory to begin them in. */
import { afterEach, expect } from '@jest/globals';
import { readRemote } from '../../../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import type { Asking } from '../../../cli/aws/confirm.ts';
import type { StartOptions } from '../../../cli/commands/start/options.ts';
import { start } from '../../../cli/commands/start/start.ts';
import { AwsRun } from '../../../runs/aws/aws-run.ts';
import { ProjectRuns, type ProjectRunsOptions } from '../../../runs/project-runs.ts';
import { newProject } from '../cli/project.ts';
import { type MemoryCloud, memoryCloud } from './client.ts';
import { newWorld } from './run.ts';

export const config = 'data_bucket: s3://data\nregion: us-west-2\n';
const files = { 'entrypoint.py': 'def entrypoint(**_): return {}\n', 'config.yaml': config };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A project whose data is on AWS; it goes away after the test. */
export async function projectOf(more: Record<string, string> = {}) {
  const made = await newProject({ ...files, ...more });
  cleanUps.push(made.remove);
  return made;
}

/** Nobody is at a terminal. */
export const nobody: Asking = {
  interactive: false,
  ask: () => {
    throw new Error('asked without a terminal');
  },
};

/** What `start` and `resume` are given instead of AWS. */
export const parts = (
  { cloud }: MemoryCloud,
  asking: Asking = nobody,
  more: Partial<ProjectRunsOptions> = {},
) => ({
  services: {
    connect: async () => cloud,
    pack: async () => ({ digest: 'd1', body: () => 'zip' }),
    pollSeconds: 0.001,
    ...more,
  },
  asking,
  check: async () => {},
});

/** Has a project take up a run of the stack, as `status RUN --stack` does. */
export const importInto = (project: string, { cloud }: MemoryCloud, run = 'calm-owls') =>
  new ProjectRuns(project, { connect: async () => cloud }).import(
    run,
    { stack: 'gcd-sfn', region: null },
    console.error,
  );

/** What `schedule` is given instead of AWS. */
export const scheduleParts = (account: MemoryCloud, asking: Asking = nobody) => ({
  ...parts(account).services,
  asking,
});

export const options = (project: string, more: Partial<StartOptions> = {}): StartOptions => ({
  ...{ project, file: [], number: 0, repeat: 1, cluster: 'lab', name: 'calm-owls', create: true },
  ...more,
});

/** A run that has begun and waits for `go`. */
export async function begun(more: Partial<StartOptions> = {}) {
  const { folder } = await projectOf();
  const world = await newWorld({}, []);
  const going = Promise.withResolvers<void>();
  const account = memoryCloud(world, { begin: () => going.promise });
  expect(await start(options(folder, { detach: true, ...more }), parts(account))).toBe(0);
  const runs = new RunsFolder(folder);
  const remote = readRemote(runs.folderOf('calm-owls'))!;
  const run = runOf(runs, account);
  return { folder, world, account, runs, remote, run, go: going.resolve };
}

/** What commands know of the run that a project has on an account in memory. */
export const runOf = (runs: RunsFolder, { cloud }: MemoryCloud): AwsRun =>
  AwsRun.known(runs, 'calm-owls', { connect: async () => cloud, pollSeconds: 0.001 });
