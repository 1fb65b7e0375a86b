/** Begins runs on AWS as `start --cluster` does: projects, options, and an account in memory to begin them in. */
import { afterEach, expect } from '@jest/globals';
import { readRemote } from '../../../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import type { Asking } from '../../../cli/aws/confirm.ts';
import { type StartOnAws, startOnAws } from '../../../cli/aws/start.ts';
import { AwsRun } from '../../../runs/aws/aws-run.ts';
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
export const parts = ({ cloud }: MemoryCloud, asking: Asking = nobody) => ({
  ...{ connect: async () => cloud, asking, seconds: 0.001 },
  pack: async () => ({ digest: 'd1', body: () => 'zip' }),
  check: async () => {},
});

export const options = (project: string, more: Partial<StartOnAws> = {}): StartOnAws => ({
  ...{ project, file: [], number: 0, repeat: 1, cluster: 'lab', name: 'calm-owls', create: true },
  ...more,
});

/** A run that has begun and waits for `go`. */
export async function begun(more: Partial<StartOnAws> = {}) {
  const { folder } = await projectOf();
  const world = await newWorld({}, []);
  const going = Promise.withResolvers<void>();
  const account = memoryCloud(world, { begin: () => going.promise });
  expect(await startOnAws(options(folder, { detach: true, ...more }), parts(account))).toBe(0);
  const runs = new RunsFolder(folder);
  const remote = readRemote(runs.folderOf('calm-owls'))!;
  const run = runOf(runs, account);
  return { folder, world, account, runs, remote, run, go: going.resolve };
}

/** What commands know of the run that a project has on an account in memory. */
export const runOf = (runs: RunsFolder, { cloud }: MemoryCloud): AwsRun =>
  new AwsRun(runs, {
    ...{ name: 'calm-owls', project: runs.project, connect: async () => cloud, pollSeconds: 0.001 },
    remote: readRemote(runs.folderOf('calm-owls'))!,
  });
