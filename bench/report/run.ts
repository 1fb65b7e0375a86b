/**
 * Time and memory of the report by number of tasks: `node bench/report/run.ts [tasks…]`. Each size runs in a process of
 * its own, so that peaks do not hide one another.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from '../../functions/report/report.ts';
import { keepHeapSmall } from '../../runs/v8-flags.ts';
import { folderStore } from './minimal-folder-store.ts';
import { makeSample } from './sample.ts';

const fileNames = { performance: 'performance.txt', runtimeGanttChart: 'runtime.png' };
const [first, folder] = process.argv.slice(2);

if (first === '--one') {
  keepHeapSmall();
  const began = performance.now();
  await report({ store: folderStore(folder!) })({ fileNames });
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
} else {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1e4, 1e5, 1e6];
  console.log('    tasks     time  per task  peak RSS  files');
  for (const tasks of sizes) {
    const sample = await mkdtemp(join(tmpdir(), 'report-'));
    const shape = {
      tasks,
      workers: 100,
      nodes: 25,
      repetitions: 1,
      failedShare: 0.01,
      gapSeconds: 0,
      meanSeconds: 2,
    };
    await makeSample(sample, shape);
    const output = execFileSync(process.execPath, [import.meta.filename, '--one', sample], {
      encoding: 'utf8',
    });
    const { seconds, megabytes } = JSON.parse(output) as { seconds: number; megabytes: number };
    const results = join(sample, 'results');
    const sizesOf = (await readdir(results)).map(
      async (name) => `${name} ${Math.ceil((await stat(join(results, name))).size / 1024)} KiB`,
    );
    const columns = [
      String(tasks).padStart(9),
      `${seconds.toFixed(2)} s`.padStart(8),
      `${((seconds / tasks) * 1e6).toFixed(1)} µs`.padStart(9),
      `${megabytes.toFixed(0)} MB`.padStart(9),
    ];
    console.log(`${columns.join(' ')}  ${(await Promise.all(sizesOf)).join(', ')}`);
    await rm(sample, { recursive: true });
  }
}
