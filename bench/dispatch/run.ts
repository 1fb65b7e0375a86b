/**
 * No-op tasks on two workers beside `multiprocessing.Pool(2).imap_unordered(chunksize=1)`, in turn in the same run.
 * `node bench/dispatch/run.ts [ROUNDS]`
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, perSecond, projectOf, run, type Times } from '../support.ts';

const rounds = Number(process.argv[2] ?? 5);
const pool = fileURLToPath(new URL('pool.py', import.meta.url));
const noop = `import os
def entrypoint(data_bucket, curr_process_file, curr_process_column, **_):
    return {"value": 0, "worker": os.getpid()}
`;

console.log('| tasks | pool, tasks/s | gcd-sfn, tasks/s | ratio | with result files | ratio |');
console.log('|---:|---:|---:|---:|---:|---:|');
for (const count of [10_000, 100_000]) {
  const tasks = Array.from({ length: count }, (_, n) => [`f${Math.floor(n / 100)}`, `c${n % 100}`] as const);
  const folder = projectOf(noop, tasks);
  const pools: number[] = [];
  const ours: Times[] = [];
  for (let round = 0; round < rounds; round++) {
    pools.push(Number(execFileSync('python3', [pool, String(count), join(folder, 'pool.csv')])));
    ours.push(run(folder, `round-${round}`));
  }
  rmSync(folder, { recursive: true });
  // A ratio is taken within a round, so that a slow minute does not fall on one side.
  const ratio = (seconds: (times: Times) => number) =>
    median(ours.map((times, round) => (pools[round] as number) / seconds(times))).toFixed(2);
  const rate = (seconds: number[]) => perSecond(count / median(seconds));
  const dispatch = ({ dispatch }: Times) => dispatch;
  const whole = ({ dispatch, gather }: Times) => dispatch + gather;
  console.log(
    `| ${perSecond(count)} | ${rate(pools)} | ${rate(ours.map(dispatch))} | ${ratio(dispatch)} | ${rate(ours.map(whole))} | ${ratio(whole)} |`,
  );
}
