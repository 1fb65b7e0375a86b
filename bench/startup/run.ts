/** `gcd-sfn --help` beside `node -e 0`, in turn. `node bench/startup/run.ts [ROUNDS]` */
import { spawnSync } from 'node:child_process';
import { main, median } from '../support.ts';

const rounds = Number(process.argv[2] ?? 30);
const timed = (args: string[]) => {
  const begin = performance.now();
  spawnSync(process.execPath, args);
  return performance.now() - begin;
};
const bare: number[] = [];
const help: number[] = [];
for (let round = 0; round < rounds; round++) {
  bare.push(timed(['-e', '0']));
  help.push(timed([main, '--help']));
}
const bar = 1.5 * median(bare) + 60;
console.log('| node -e 0, ms | gcd-sfn --help, ms | bar (1.5 × + 60), ms |');
console.log('|---:|---:|---:|');
console.log(`| ${median(bare).toFixed(0)} | ${median(help).toFixed(0)} | ${bar.toFixed(0)} |`);
