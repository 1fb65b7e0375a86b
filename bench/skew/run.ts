/**
 * Skewed work on two workers: 199 log-normal tasks (sigma 1.5, mean 50 ms) and one of 2 s, which comes last by name. The
 * first run knows nothing, the others plan from its durations. Prints the time in which tasks were processed over the
 * lower bound max(sum / 2, longest), both as measured. `node bench/skew/run.ts [RUNS]`
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary } from '../../core/run-store/status/summary.ts';
import { projectOf, random, run } from '../support.ts';

const runs = Number(process.argv[2] ?? 4);
const entrypoint = `import time
def entrypoint(data_bucket, curr_process_file, curr_process_column):
    end = time.thread_time() + int(curr_process_file.rpartition("-")[2][:-len("us.csv")]) / 1e6
    while time.thread_time() < end:
        pass
    return {}
`;

const next = random(20240229);
const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
const raw = Array.from({ length: 199 }, () => Math.exp(1.5 * normal()));
const scale = (50_000 * raw.length) / raw.reduce((sum, value) => sum + value, 0);
const microseconds = [...raw.map((value) => Math.max(1, Math.round(value * scale))), 2_000_000];

const folder = projectOf(
  entrypoint,
  microseconds.map((us, n) => [`f${String(n).padStart(5, '0')}-${us}us`, 'c'] as const),
);
console.log('| run | planned from | parallel s | bound s | ratio |');
console.log('|---:|---|---:|---:|---:|');
for (let number = 1; number <= runs; number++) {
  run(folder, `run-${number}`);
  const text = readFileSync(join(folder, `.gcd/runs/run-${number}/gathered/summary.json`), 'utf8');
  const [summary] = (JSON.parse(text) as RunSummary).repetitions;
  if (!summary?.longest) throw new Error('nothing was run');
  const bound = Math.max(summary.serialSeconds / 2, summary.longest.seconds);
  const { parallelSeconds } = summary;
  const from = number === 1 ? 'file sizes (all equal)' : `run ${number - 1}`;
  console.log(
    `| ${number} | ${from} | ${parallelSeconds.toFixed(3)} | ${bound.toFixed(3)} | ${(parallelSeconds / bound).toFixed(3)} |`,
  );
}
rmSync(folder, { recursive: true });
