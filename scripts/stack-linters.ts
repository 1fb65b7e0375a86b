/**
 * Installs what judges the stack's template in `npm run test:stack` into the user's cache folder, once.
 * `node scripts/stack-linters.ts` prints the path of its Python. Without PyPI: one line, exit code 3.
 */
import { PypiTools } from './pypi-tools.ts';

/** Pinned: a newer one finds more, which is to be seen when it is wanted. */
const packages = ['cfn-lint==1.58.0', 'checkov==3.3.30'];
const linters = new PypiTools(packages.join('+').replaceAll('==', '-'), packages);

export const lintPython: string = linters.python;

if (import.meta.main) await linters.install();
