/** Checks this machine: what a run on it needs, and optional tools. */
import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { cachedEnvironments, maxUnusedDays } from '../../adapters/local/environments/cache/clean-cache.ts';
import { Cache, defaultCache } from '../../adapters/local/environments/cache/environment-cache.ts';
import { venvHint } from '../../adapters/local/environments/install/install-errors.ts';
import { run } from '../../adapters/local/environments/install/run-command.ts';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { everyPython } from '../../adapters/local/environments/python/find-pythons.ts';
import { ExitCode } from '../../core/errors/errors.ts';
import { formatBytes, plural } from '../../core/format/numbers.ts';
import { environmentLines } from '../clean-environments.ts';
import { type Check, checked, note, ok } from './check.ts';
import { awsCheck } from './credentials.ts';
import { indexCheck } from './package-index.ts';

/** @param network whether to check the package index */
export async function machineChecks(network: boolean): Promise<Check[]> {
  const environments = new LocalEnvironments();
  const python = await checked('Python', async () => {
    const { version, executable } = await environments.interpreter(null, process.cwd());
    const others = (await everyPython(process.env)).map((found) =>
      found.version.split('.').slice(0, 2).join('.'),
    );
    const rest = [...new Set(others)].filter(
      (other) => !version.startsWith(`${other}.`) && isNewEnough(other),
    );
    return ok(`${version}, ${executable}${rest.length > 0 ? `; also found: ${rest.join(', ')}` : ''}`);
  });
  const interpreter = python.state === 'ok' ? await environments.interpreter(null, process.cwd()) : undefined;
  const checks = [{ what: 'Node', ...ok(process.version.slice(1)) }, python];
  if (interpreter)
    checks.push({
      what: 'venv',
      ...(interpreter.venv
        ? ok('virtual environments can be created')
        : note(
            'projects with packages cannot run: the modules venv and ensurepip are missing',
            venvHint(interpreter.version),
          )),
    });
  checks.push(...(await cacheChecks(defaultCache(process.env))), memoryCheck(), await dockerCheck());
  checks.push(await awsCheck(process.cwd(), process.env));
  if (network && interpreter) checks.push(await indexCheck(interpreter.executable, process.env));
  return checks;
}

/** Checks the cache folder, or its nearest existing parent. */
async function cacheChecks(cache: string): Promise<Check[]> {
  const there = await existing(cache);
  const hint = `Make sure that ${there} is a folder that you own, or set XDG_CACHE_HOME to another one.`;
  const isFolder = (await stat(there)).isDirectory();
  const isWritable = await access(there, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isFolder || !isWritable) {
    const says = isFolder ? `cannot be written: ${there}` : `is not a folder: ${there}`;
    return [{ what: 'cache', state: 'wrong', says, hint, exitCode: ExitCode.environment }];
  }
  const { bavail, bsize } = await statfs(there);
  return [{ what: 'cache', ...ok(cache) }, ...(await environmentsCheck(cache)), diskCheck(bavail * bsize)];
}

/** Lists the cached environments; no check when there are none. */
async function environmentsCheck(folder: string): Promise<Check[]> {
  const kept = await cachedEnvironments(new Cache(folder));
  if (kept.length === 0) return [];
  const all = formatBytes(kept.reduce((sum, one) => sum + one.bytes, 0));
  const lines = environmentLines(kept).slice(0, 11);
  const more = kept.length > 10 ? [`and ${kept.length - 10} more`] : [];
  const about = `${plural(kept.length, 'environment')}, ${all}; unused ones are deleted after ${maxUnusedDays} days, or now with gcd-sfn cleanup --environments`;
  return [{ what: 'environments', ...ok([about, ...lines, ...more].join('\n')) }];
}

async function existing(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found || dirname(path) === path ? path : existing(dirname(path));
}

function memoryCheck(): Check {
  // In a container the limit is below the machine's memory.
  const limit = process.constrainedMemory();
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  const free = limit > 0 ? Math.min(process.availableMemory(), freemem()) : freemem();
  return machineCheck(availableParallelism(), total, free);
}

async function dockerCheck(): Promise<Check> {
  const { code, stdout, stderr, timedOut } = await run('docker', ['info', '--format', '{{.ServerVersion}}'], {
    env: process.env,
    timeoutMs: 5000,
  });
  const version = stdout.trim().split('\n').at(-1) ?? '';
  if (code === 0 && version !== '') return { what: 'Docker', ...ok(version) };
  const why = stderr.includes('ENOENT')
    ? 'is not installed'
    : timedOut
      ? 'does not answer'
      : `does not work: ${
          stderr
            .trim()
            .split('\n')
            .find((line) => !line.startsWith('WARNING')) || `exit code ${code}`
        }`;
  return {
    what: 'Docker',
    ...note(why, 'Only container images need it; runs on this machine do not.'),
  };
}

/** Versions that a project may name. */
const isNewEnough = (version: string): boolean => Number(version.split('.')[1]) >= 8;

const gib = 2 ** 30;
/** Below these, a run is likely to fail. */
const enough = { diskBytes: 5 * gib, memoryBytes: gib };

/** @param free bytes where packages are installed */
export function diskCheck(free: number): Check {
  const says = `${formatBytes(free)} free where packages are installed`;
  const hint =
    'Free some space, or set XDG_CACHE_HOME to a folder on another disk: packages may take gigabytes.';
  return { what: 'disk', ...(free >= enough.diskBytes ? ok(says) : note(says, hint)) };
}

/** @param total bytes that this process may use @param free unused bytes of them */
export function machineCheck(cores: number, total: number, free: number): Check {
  const says = `${plural(cores, 'core')}, and as many workers; ${formatBytes(total)} memory, ${formatBytes(free)} free`;
  const hint = 'Use fewer workers (start --scalenodes 1), and set memory_per_worker in config.yaml.';
  return { what: 'machine', ...(total >= enough.memoryBytes ? ok(says) : note(says, hint)) };
}
