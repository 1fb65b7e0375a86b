/** Builds an environment in a process of its own: `node builder.ts CACHE PROJECT`. Prints each new line, then the result. */
import { setTimeout } from 'node:timers/promises';
import { LocalEnvironments } from '../../../adapters/local/environments/local-environments.ts';

const [cache = '', project = ''] = process.argv.slice(2);
const environments = new LocalEnvironments({ cache });
const wanted = { project, python: null };
let found = await environments.find(wanted);
for (let last = ''; !found; found = await environments.find(wanted)) {
  const { detail } = await environments.build(wanted);
  if (detail !== last) console.log(detail);
  last = detail;
  await setTimeout(300);
}
console.log(JSON.stringify(found));
