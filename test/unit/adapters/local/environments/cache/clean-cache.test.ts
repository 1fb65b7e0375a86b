/** Environments that nobody uses go, and no others. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  cachedEnvironments,
  removeEnvironment,
  tidy,
} from '../../../../../../adapters/local/environments/cache/clean-cache.ts';
import { Cache } from '../../../../../../adapters/local/environments/cache/environment-cache.ts';
import type { Plan } from '../../../../../../adapters/local/environments/environment-plan.ts';
import { ageNotice } from '../../../../../../adapters/local/environments/environment-plan.ts';
import { isUnpinned } from '../../../../../../adapters/local/environments/requirements/requirement.ts';
import { takeFlock } from '../../../../../../adapters/local/locks/flock.ts';
import { keep } from '../../../../../support/environments/cached-environment.ts';
import { temporary } from '../../../../../support/environments/temporary-projects.ts';

const python = 'python3';
let other: ReturnType<typeof spawn>;
beforeAll(() => {
  other = spawn('sleep', ['600']);
});
afterAll(() => {
  other.kill();
});

/** Says that a process uses an environment. */
function use(cache: string, key: string, process = `${hostname()} ${other.pid}`, days = 0) {
  const file = join(cache, 'uses', key, process);
  writeFileSync(file, '');
  const at = Date.now() / 1000 - days * 24 * 3600;
  utimesSync(file, at, at);
  utimesSync(join(cache, 'uses', key), at, at);
}

const names = (cache: string) =>
  readdirSync(cache)
    .filter((name) => /^(py|removed)/.test(name))
    .sort();

test('after sixty days without a use, unless one is in use or being made', async () => {
  const cache = new Cache(temporary());
  await cache.prepare();
  for (const [key, days] of [
    ['py3-young', 59],
    ['py3-old', 61],
    ['py3-used', 61],
    ['py3-locked', 61],
    ['py3-dead', 61],
  ] as const)
    keep(cache.folder, key, days);
  use(cache.folder, 'py3-used', undefined, 61);
  use(cache.folder, 'py3-dead', `${hostname()} 4194304`, 61);
  const lock = await takeFlock(python, cache.lock('py3-locked'));
  mkdirSync(join(cache.folder, 'removed-py3-half'));
  await tidy(cache, python);
  expect(names(cache.folder)).toEqual(['py3-locked', 'py3-used', 'py3-young']);
  expect(existsSync(join(cache.folder, 'uses', 'py3-old'))).toBe(false);
  if ('release' in lock) await lock.release();
  // Once a day is enough.
  await tidy(cache, python);
  expect(names(cache.folder)).toContain('py3-locked');
  await tidy(cache, python, Date.now() + 25 * 3600 * 1000);
  expect(names(cache.folder)).toEqual(['py3-used']);
});

test('a tool that was fetched long ago, and builds that were killed', async () => {
  const cache = new Cache(temporary());
  const old = Date.now() / 1000 - 61 * 24 * 3600;
  for (const name of ['tools/uv', 'tools/new', 'builds/a', 'builds/b']) {
    mkdirSync(join(cache.folder, name), { recursive: true });
    if (!/new|b$/.test(name)) utimesSync(join(cache.folder, name), old, old);
  }
  await tidy(cache, python);
  expect(readdirSync(join(cache.folder, 'tools'))).toEqual(['new']);
  expect(readdirSync(join(cache.folder, 'builds'))).toEqual(['b']);
});

test('one that is in use stays whole; a process of this machine that is gone uses nothing', async () => {
  const cache = new Cache(temporary());
  keep(cache.folder, 'py3-a', 0);
  use(cache.folder, 'py3-a');
  expect(await removeEnvironment(cache, 'py3-a', python)).toBe(false);
  expect(await cache.find('py3-a')).toBeDefined();
  keep(cache.folder, 'py3-b', 0);
  use(cache.folder, 'py3-b', `${hostname()} 4194304`);
  expect(await removeEnvironment(cache, 'py3-b', python)).toBe(true);
  expect(names(cache.folder)).toEqual(['py3-a']);
  expect(await removeEnvironment(cache, 'py3-b', python)).toBe(true);
});

test('a process of another machine is believed for sixty days', async () => {
  const cache = new Cache(temporary());
  keep(cache.folder, 'py3-a', 0);
  use(cache.folder, 'py3-a', 'elsewhere 17', 30);
  expect(await cache.uses.isUsed('py3-a')).toBe(true);
  use(cache.folder, 'py3-a', 'elsewhere 17', 61);
  expect(await cache.uses.isUsed('py3-a')).toBe(false);
});

test('the list has sizes and the last use, the latest first; this process is not "another"', async () => {
  const cache = new Cache(temporary());
  keep(cache.folder, 'py3-a', 3);
  keep(cache.folder, 'py3-b', 1);
  const kept = await cachedEnvironments(cache);
  expect(kept.map(({ key }) => key)).toEqual(['py3-b', 'py3-a']);
  expect(kept[0]).toMatchObject({ isUsed: false, bytes: expect.closeTo(3 << 20, -4) });
  await cache.uses.mark('py3-a');
  expect((await cachedEnvironments(cache))[0]).toMatchObject({ key: 'py3-a', isUsed: false });
  expect(await cachedEnvironments(new Cache('/nowhere'))).toEqual([]);
});

test('what was made anew takes the place; the old one goes when nobody uses it', async () => {
  const cache = new Cache(temporary());
  await cache.prepare();
  const folder = keep(cache.folder, 'py3-a', 0);
  mkdirSync(join(folder, 'older'));
  use(cache.folder, 'py3-a');
  await cache.removeSuperseded('py3-a', python);
  expect(readdirSync(folder)).toContain('older');
  await cache.uses.forget('py3-a');
  await cache.removeSuperseded('py3-a', python);
  expect(readdirSync(folder).sort()).toEqual(['abcd', 'complete.json']);
});

const entry = (text: string, local?: string) => ({
  ...{ text, file: 'requirements.txt', line: 1, isPackage: !text.startsWith('--'), fenced: false },
  ...(local === undefined ? {} : { local }),
});

test.each([
  ['numpy', true],
  ['numpy>=2', true],
  ['numpy==2.*', true],
  ['numpy==2.0', false],
  ['numpy==2.0 --hash=sha256:abc', false],
  ['x @ git+https://a.example/b@main', true],
  [`x @ git+https://a.example/b@${'a1'.repeat(20)}`, false],
  ['x @ https://a.example/x.whl', false],
  ['--pre', false],
])('%s moves on: %s', (text, moves) => expect(isUnpinned(entry(text))).toBe(moves));

test('how old the packages are is said where that matters', () => {
  const plan = (text: string, local?: string) => ({ entries: [entry(text, local)] }) as unknown as Plan;
  const now = Date.parse('2026-03-09T00:00:00Z');
  const made = Date.parse('2026-03-04T12:00:00Z');
  expect(ageNotice(plan('numpy'), made, now)).toEqual([
    'packages are those of 2026-03-04; --renew-packages installs what has come out since',
  ]);
  expect(ageNotice(plan('numpy==2.0'), made, now)).toEqual([]);
  expect(ageNotice(plan('/p/lib', '/p/lib'), made, now)).toEqual([]);
  expect(ageNotice(plan('numpy'), now - 3600 * 1000, now)).toEqual([]);
  // An older version has not kept it.
  expect(ageNotice(plan('numpy'), undefined, now)).toEqual([]);
});
