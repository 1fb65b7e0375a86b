/**
 * One measurement in a process of its own: `node bench/scale/one.ts plan|gather COUNT` prints seconds and peak MB as
 * JSON. Before the clock starts, a small run is planned or gathered, so that the figures are those of compiled code.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import type { Config } from '../../core/config/config.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { gather } from '../../functions/gather/gather.ts';
import { planTasks } from '../../functions/plan/plan.ts';
import { keepHeapSmall } from '../../runs/v8-flags.ts';
import { SyntheticData, syntheticPart } from './synthetic.ts';

const parts = 10;
const warmUp = 20_000;
const fileNames = { savedData: 'results.csv', logsData: 'logs.csv', errorData: 'error.csv' };
const config = {
  dataBucket: { kind: 'folder', path: '/' },
  filePattern: 'site/*.csv',
  columnKeywords: ['Power'],
  fileNames,
  identityColumns: true,
} as unknown as Config;
const request = {
  run: 'scale',
  projectName: 'scale',
  requestedAt: 0,
  config,
  selection: { kind: 'first', count: 0 },
  repetitions: 1,
  workers: 100,
  target: { kind: 'local' },
} as unknown as RunRequest;

const storesIn = (folder: string) => ({
  store: new FolderStore(join(folder, 'run')),
  project: new FolderStore(join(folder, 'project')),
});

const plan = (folder: string, count: number) =>
  planTasks({ data: new SyntheticData(count), ...storesIn(folder) })(request);

/** Leaves a run whose tasks have all ended. */
async function prepare(folder: string, count: number): Promise<void> {
  await plan(folder, count);
  const { store } = storesIn(folder);
  for (let part = 0; part < parts; part++)
    await store.write(layout.part(1, `${part}`), syntheticPart(part, parts, count, `worker-${part}`));
}

async function measured(stage: string, count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-scale-'));
  try {
    // What is prepared has a peak of its own, which another process keeps.
    if (stage === 'gather')
      execFileSync(process.execPath, [import.meta.filename, 'prepare', `${count}`, folder]);
    const begin = performance.now();
    if (stage === 'plan') await plan(folder, count);
    else await gather({ ...storesIn(folder), now: () => 1 })(request);
    return (performance.now() - begin) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

keepHeapSmall();
const [stage = 'plan', text = '10000', folder = ''] = process.argv.slice(2);
if (stage === 'prepare') await prepare(folder, Number(text));
else {
  await measured(stage, warmUp);
  const seconds = await measured(stage, Number(text));
  console.log(JSON.stringify({ seconds, peakMb: process.resourceUsage().maxRSS / 1024 }));
}
