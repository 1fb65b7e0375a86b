/**
 * Installs moto, which stands in for AWS in `npm run test:aws` and `npm run test:stack`, into the user's cache folder, once.
 * `node scripts/moto.ts` prints the path of its Python. Without PyPI: one line, exit code 3.
 */
import { PypiTools } from './pypi.ts';

/** Pinned: tests say what AWS does, and moto's idea of that changes. */
const version = '5.2.5';
const moto = new PypiTools(`moto-${version}`, [`moto[s3,server]==${version}`]);

/** The Python that has it, when it is installed: `-m moto.server` starts the server. */
export const motoPython: string = moto.python;

if (import.meta.main) await moto.install();
