/**
 * Runs the worker's tests (test/worker, Python's unittest) on every Python from 3.8 on that is found here: one of each
 * minor version, from PATH, pyenv and uv. Says which. `node scripts/test-worker.ts [3.11 …]` runs just those.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pMap from 'p-map';
import { everyPython, onPath } from '../adapters/local/environments/python/find-pythons.ts';
import { inspectInterpreter, isBroken } from '../adapters/local/environments/python/inspect-interpreter.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const oldestMinor = 8;
const wanted = process.argv.slice(2);

const byMinor = new Map<number, string>();
const paths = [
  ...(await onPath('python3', process.env)),
  ...(await everyPython(process.env)).map(({ path }) => path),
];
for (const path of paths) {
  const found = await inspectInterpreter(path, { env: process.env, probeTimeoutMs: 10_000, project: root });
  if (isBroken(found) || found.implementation !== 'cpython') continue;
  const [major, minor = 0] = found.release;
  if (major === 3 && minor >= oldestMinor && !byMinor.has(minor)) byMinor.set(minor, found.executable);
}
const chosen = [...byMinor]
  .sort(([a], [b]) => a - b)
  .filter(([minor]) => wanted.length === 0 || wanted.includes(`3.${minor}`));
if (chosen.length === 0) {
  console.error('no Python from 3.8 on is here to test the worker with');
  process.exit(3);
}

/** Tests with one Python. Resolves to its output, complete, and whether all passed. */
function testWith(python: string): Promise<{ output: string; passed: boolean }> {
  return new Promise((resolve, reject) => {
    const tests = spawn(python, ['-m', 'unittest', 'discover', '-s', 'test/worker', '-t', 'test/worker'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // As users have it: this variable changes how C and Python buffer what they print.
      env: { ...process.env, PYTHONUNBUFFERED: undefined },
    });
    let output = '';
    const keep = (text: string) => {
      output += text;
    };
    tests.stdout.setEncoding('utf8').on('data', keep);
    tests.stderr.setEncoding('utf8').on('data', keep);
    tests.once('error', reject);
    tests.once('close', (code) => resolve({ output, passed: code === 0 }));
  });
}

// Two at a time: most tests wait most of their time.
const results = await pMap(
  chosen,
  async ([minor, python]) => {
    const start = performance.now();
    const { output, passed } = await testWith(python);
    console.log(`-- Python 3.${minor}: ${python}\n${output}`);
    console.log(`-- Python 3.${minor}: ${Math.round((performance.now() - start) / 1000)} s`);
    return passed;
  },
  { concurrency: 2 },
);
console.log(`worker tested on Python ${chosen.map(([minor]) => `3.${minor}`).join(', ')}`);
process.exit(results.every(Boolean) ? 0 : 1);
