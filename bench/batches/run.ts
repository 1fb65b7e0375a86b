/**
 * Simulated: how long runs take with different ways of cutting batches, over the lower bound max(sum / slots, longest).
 * Durations are known to the planner up to a random error; every batch costs its worker some overhead.
 * `node bench/batches/run.ts`
 */
import { random } from '../support.ts';
import { factoring, firstCome, fixedChunks, ours, type Policy } from './policies.ts';

const overheadSeconds = 0.005;
const trials = 20;
const policies: Record<string, Policy> = {
  'first come, one by one': firstCome,
  'fixed chunks': fixedChunks,
  factoring,
  'gcd-sfn': ours,
};

const normalFrom = (next: () => number) =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Seconds until the last worker ends, each taking the next batch when it is free. */
function makespan(batches: number[][], durations: Float64Array, slots: number): number {
  const free = new Float64Array(slots);
  for (const batch of batches) {
    let first = 0;
    for (let slot = 1; slot < slots; slot++)
      if ((free[slot] as number) < (free[first] as number)) first = slot;
    const work = batch.reduce((sum, task) => sum + (durations[task] as number), overheadSeconds);
    free[first] = (free[first] as number) + work;
  }
  return free.reduce((a, b) => Math.max(a, b));
}

const cases = [
  { tasks: 200, slots: 2, sigma: 1.5, error: 0.05, mean: 0.05 },
  { tasks: 1000, slots: 16, sigma: 1, error: 0.2, mean: 5 },
  { tasks: 1000, slots: 100, sigma: 1.5, error: 0.2, mean: 5 },
  { tasks: 100_000, slots: 100, sigma: 1, error: 0.2, mean: 0.01 },
  { tasks: 20_000, slots: 400, sigma: 0.5, error: 0.5, mean: 2 },
];

console.log(
  `| tasks | slots | mean s | sigma | error of the estimate | ${Object.keys(policies).join(' | ')} |`,
);
console.log(`|---:|---:|---:|---:|---:|${'---:|'.repeat(Object.keys(policies).length)}`);
for (const { tasks, slots, sigma, error, mean } of cases) {
  const ratios = Object.fromEntries(Object.keys(policies).map((name) => [name, 0]));
  for (let trial = 0; trial < trials; trial++) {
    const next = random(trial + 1);
    const durations = Float64Array.from(
      { length: tasks },
      () => mean * Math.exp(sigma * normalFrom(next) - sigma ** 2 / 2),
    );
    const estimates = durations.map((duration) => duration * Math.exp(error * normalFrom(next)));
    const total = durations.reduce((a, b) => a + b);
    const bound = Math.max(
      total / slots,
      durations.reduce((a, b) => Math.max(a, b)),
    );
    for (const [name, policy] of Object.entries(policies))
      ratios[name] =
        (ratios[name] as number) + makespan(policy(estimates, slots), durations, slots) / bound / trials;
  }
  const columns = Object.values(ratios).map((ratio) => ratio.toFixed(3));
  console.log(`| ${tasks} | ${slots} | ${mean} | ${sigma} | ${error * 100} % | ${columns.join(' | ')} |`);
}
