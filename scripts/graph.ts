/** Draws the state machines into docs/state-machines.md. A test checks that it is current: node scripts/graph.ts */
import { writeFileSync } from 'node:fs';
import { drawing } from './draw.ts';

writeFileSync(new URL('../docs/state-machines.md', import.meta.url), await drawing());
