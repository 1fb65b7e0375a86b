/**
 * Installs moto, which stands in for AWS in `npm run test:aws`, `test:stack` and `test:box`, into the user's cache folder, once.
 * `node scripts/moto.ts` prints the path of its Python. Without PyPI: one line, exit code 3.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PypiTools } from './pypi-tools.ts';

/** Pinned: tests say what AWS does, and moto's idea of that changes. */
const version = '5.2.5';
const moto = new PypiTools(`moto-${version}`, [`moto[s3,server]==${version}`]);

/** The Python that has it, when it is installed: `-m moto.server` starts the server. */
export const motoPython: string = moto.python;

/** The folder with its packages, boto3 among them. */
export async function motoPackages(): Promise<string> {
  const program = 'import sysconfig; print(sysconfig.get_paths()["purelib"])';
  return (await promisify(execFile)(motoPython, ['-c', program])).stdout.trim();
}

if (import.meta.main) await moto.install();
