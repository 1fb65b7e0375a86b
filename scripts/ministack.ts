/**
 * Installs ministack, a second imitation of AWS, which deploys the packaged stack in `npm run test:stack`, into the user's
 * cache folder, once. `node scripts/ministack.ts` prints the path of its Python. Without PyPI: one line, exit code 3.
 */
import { PypiTools } from './pypi-tools.ts';

/** Pinned: tests say what it does otherwise than AWS. */
const version = '1.5.33';
const ministack = new PypiTools(`ministack-${version}`, [`ministack==${version}`]);

export const ministackPython: string = ministack.python;

if (import.meta.main) await ministack.install();
