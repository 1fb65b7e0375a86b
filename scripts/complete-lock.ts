/**
 * Adds the packages of other platforms to package-lock.json, after `npm install` on a machine whose registry did not
 * show them: a lock file without them is refused by `npm ci` everywhere. What a package runs on is read off its name,
 * such as `@swc/core-linux-arm-gnueabihf`. `node scripts/complete-lock.ts`
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Locked {
  version: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Locked> };

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'aix',
  'win32',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];

/** `-linux-arm-gnueabihf` at the end of a name: system, processor, C library. */
function platformOf(name: string): Pick<Locked, 'os' | 'cpu' | 'libc'> {
  const parts = name.split('/').at(-1)?.split('-') ?? [];
  const os = systems.find((system) => parts.includes(system));
  const cpu = processors.find((processor) => parts.includes(processor));
  const library = parts.at(-1) ?? '';
  const libc =
    os === 'linux' && /^(gnu|musl)/.test(library)
      ? library.startsWith('musl')
        ? 'musl'
        : 'glibc'
      : undefined;
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) };
}

const added: string[] = [];
for (const parent of Object.values(lock.packages))
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[place] || !/^\d/.test(version) || !platform.os) continue;
    lock.packages[place] = { version, ...(parent.dev && { dev: true }), optional: true, ...platform };
    added.push(`${name}@${version}`);
  }
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root as [string, Locked], ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(path, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(added.length === 0 ? 'nothing is missing' : `added ${added.join(', ')}`);
