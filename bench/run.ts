/** Every benchmark, one after the other. `npm run bench` */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

for (const name of ['startup', 'dispatch', 'skew', 'batches', 'scale', 'report']) {
  console.log(`\n## ${name}\n`);
  spawnSync(process.execPath, [fileURLToPath(new URL(`${name}/run.ts`, import.meta.url))], {
    stdio: 'inherit',
  });
}
