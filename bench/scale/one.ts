/** One measurement in a process of its own. `node bench/scale/one.ts plan|gather COUNT` prints seconds and peak MB as JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { gather } from '../../functions/gather/gather.ts';
import { planTasks } from '../../functions/plan/plan.ts';
import type { Config } from '../../ports/config.ts';
import { layout } from '../../ports/layout.ts';
import type { RunRequest } from '../../ports/request.ts';
import { SyntheticData, syntheticPart } from './synthetic.ts';

const [what = 'plan', text = '10000'] = process.argv.slice(2);
const count = Number(text);
const folder = mkdtempSync(join(tmpdir(), 'gcd-scale-'));
const store = new FolderStore(folder);
const project = new FolderStore(join(folder, 'project'));
const fileNames = { savedData: 'results.csv', logsData: 'logs.csv', errorData: 'error.csv' };
const config = {
  dataBucket: { kind: 'folder', path: '/' },
  filePattern: 'site/*.csv',
  columnKeywords: ['Power'],
  fileNames,
} as unknown as Config;
const request = { run: 'scale', projectName: 'scale', requestedAt: 0, config, repetitions: 1, workers: 100 };
const asked = { ...request, selection: { kind: 'first', count: 0 } } as unknown as RunRequest;

if (what === 'gather') {
  const { fork } = await import('node:child_process');
  const parts = 10;
  // Planning would leave its own peak behind: another process does it.
  if (process.send === undefined) {
    await new Promise((resolve) =>
      fork(import.meta.filename, ['prepare', text, folder], { stdio: 'inherit' }).once('exit', resolve),
    );
    for (let part = 0; part < parts; part++)
      await store.write(layout.part(1, `${part}`), syntheticPart(part, parts, count, `worker-${part}`));
  }
}
if (what === 'prepare') {
  await planTasks({ data: new SyntheticData(count), store: new FolderStore(process.argv[4] ?? ''), project })(
    asked,
  );
} else {
  const begin = performance.now();
  if (what === 'plan') await planTasks({ data: new SyntheticData(count), store, project })(asked);
  else await gather({ store, project, now: () => 1 })(asked);
  const seconds = (performance.now() - begin) / 1000;
  console.log(JSON.stringify({ seconds, peakMb: process.resourceUsage().maxRSS / 1024 }));
}
rmSync(folder, { recursive: true, force: true });
