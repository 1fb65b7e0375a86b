/** Planning and gathering of 10^4 to 10^6 tasks: time a task and peak memory. `node bench/scale/run.ts` */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { perSecond } from '../support.ts';

const one = fileURLToPath(new URL('one.ts', import.meta.url));
console.log('| stage | tasks | s | µs a task | peak RSS, MB |');
console.log('|---|---:|---:|---:|---:|');
for (const stage of ['plan', 'gather'])
  for (const count of [10_000, 100_000, 1_000_000]) {
    const answer = execFileSync(process.execPath, [one, stage, String(count)], { encoding: 'utf8' });
    const { seconds, peakMb } = JSON.parse(answer);
    const each = ((seconds / count) * 1e6).toFixed(1);
    console.log(
      `| ${stage} | ${perSecond(count)} | ${seconds.toFixed(2)} | ${each} | ${Math.round(peakMb)} |`,
    );
  }
