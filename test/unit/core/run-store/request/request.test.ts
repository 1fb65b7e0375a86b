/** Whatever a project is, the request that is made of it can be read; whatever is made of a request by somebody else, cannot. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Config } from '../../../../../core/config/config.ts';
import { draftTarget } from '../../../../../core/config/eks-target.ts';
import { loadCluster } from '../../../../../core/config/load-cluster.ts';
import { loadConfig } from '../../../../../core/config/load-config.ts';
import type { RunRequest } from '../../../../../core/run-store/request/request.ts';
import { checkedRequest, parseRequest } from '../../../../../core/run-store/request/request.ts';
import { bastionName, type Target } from '../../../../../core/target.ts';
import { eksRequest } from '../../../../support/cloud/run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gcd-request-'));
});
afterAll(() => rm(folder, { recursive: true }));

const instanceType = fc.constantFrom('m6i.large', 'c7gn.16xlarge', 'u-6tb1.112xlarge', 'p5.48xlarge');
const wholeUpTo = (most: number) => fc.integer({ min: 1, max: most });
const some = fc.string({ unit: 'grapheme', maxLength: 20 });
/** Values of each key, good ones mostly: what is none is a mistake that `loadConfig` tells. */
const configuration = fc.record(
  {
    data_bucket: fc.constantFrom('s3://data', 'data-bucket', 's3://data/a/b//c/', './data', '~/x', '/'),
    data_requester_pays: fc.boolean(),
    file_pattern: some,
    process_column_keywords: fc.oneof(
      some,
      fc.constantFrom<unknown>(false, 'none'),
      fc.array(some, { maxLength: 3 }),
    ),
    default_process_files: fc.array(some, { maxLength: 3 }),
    saved_bucket: fc.constantFrom('results', 'My.Results-2'),
    saved_path_cloud: fc.oneof(some, fc.constantFrom('/', 'a/b/', '//x')),
    filename: fc.record(
      { saved_data: fc.constantFrom('a.csv', 'Übersicht 1.CSV'), performance: fc.constant('p.txt') },
      { requiredKeys: [] },
    ),
    table: fc.record(
      {
        header: fc.constantFrom<unknown>('auto', 'none', 3),
        comment: fc.constantFrom('#', '//', 'none'),
        delimiter: fc.constantFrom('comma', 'tab', 'blanks', '|', 'auto'),
        encoding: fc.constantFrom('cp1252', 'UTF_16', 'latin-1', 'auto'),
      },
      { requiredKeys: [] },
    ),
    endpoint_url: fc.constantFrom('https://minio.example.org:9000', 'http://[::1]:9000/'),
    follow_links: fc.oneof(fc.constantFrom('./a/../b', 'models/', 'a//b'), fc.array(some, { maxLength: 2 })),
    acccepted_idle_time: fc.double({ min: 0, max: 604_800, noNaN: true }),
    scale_eks_nodes_wait_time: fc.integer({ min: 0, max: 86_400 }),
    solver_name: some,
    solver_lic_file_local_source: fc.constantFrom('~/mosek.lic', './a b.lic', '/x/y'),
    solver_lic_target_path_in_images_dest: fc.constantFrom('/root/mosek', '/opt/gurobi/'),
    task_timeout: fc.integer({ min: 0, max: 604_800 }),
    max_attempts: wholeUpTo(100),
    retry_exceptions: fc.oneof(fc.boolean(), wholeUpTo(100)),
    memory_per_worker: fc.constantFrom('32Mi', '1.5Gi', '.5G', '9000T', '99999999T'),
    max_output_bytes: fc.constantFrom('1Mi', '2Gi'),
    data_cache: fc.constantFrom('1Mi', '20Gi'),
    python: fc.constantFrom('3.11', 'python3.12', './bin/python'),
    env: fc.dictionary(fc.constantFrom('A', '_b', '__proto__', 'constructor'), some),
    instance_type: instanceType,
    max_nodes: wholeUpTo(1000),
    spot: fc.boolean(),
    workers_per_node: wholeUpTo(1000),
    region: fc.constantFrom('us-west-2', 'us-gov-west-1', 'cn-north-1'),
    tags: fc.dictionary(some, some, { maxKeys: 3 }),
    budget_usd: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
    notify: fc.constantFrom('me@example.org', 'arn:aws:sns:us-west-2:123456789012:topic'),
    pod: fc.constantFrom(
      {},
      { nodeSelector: { a: 'b' } },
      { tolerations: [{ key: 'a', operator: 'Exists' }] },
    ),
    identity_columns: fc.boolean(),
  },
  { requiredKeys: ['data_bucket'] },
);
const cluster = fc.record(
  {
    metadata: fc.record(
      {
        name: fc.constantFrom('lab', 'my_cluster'),
        version: fc.constant('1.34'),
        tags: fc.constant({ a: 'b' }),
      },
      { requiredKeys: [] },
    ),
    nodeGroups: fc
      .record(
        {
          name: fc.constantFrom('g', 'a_b'),
          instanceType,
          maxSize: wholeUpTo(1000),
          volumeSize: wholeUpTo(16_384),
        },
        { requiredKeys: [] },
      )
      .map((group) => [group]),
  },
  { requiredKeys: [] },
);

/** Undefined when the project has mistakes. */
const unless = <Value>(asked: Promise<Value>): Promise<Value | undefined> =>
  asked.catch((error) => {
    expect(error).toMatchObject({ name: 'ConfigInvalid' });
    return undefined;
  });

function requestOf(config: Config, target: Target): RunRequest {
  const { dataAccess: _, ...older } = config;
  return { ...eksRequest('r'), config: config.spot ? config : (older as Config), target };
}

test('what is made of a project is taken as it is, however often it is written and read', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      configuration,
      cluster,
      wholeUpTo(1000),
      fc.boolean(),
      async (one, other, nodes, here) => {
        await writeFile(join(folder, 'config.yaml'), stringify(one));
        await writeFile(join(folder, 'cluster.yaml'), stringify(other));
        const [config, settings] = await Promise.all([
          unless(loadConfig(folder)),
          unless(loadCluster(folder)),
        ]);
        if (!config || !settings) return;
        const most = settings.nodegroup.maxNodes ?? config.maxNodes;
        const options = {
          ...{ cluster: null, nodegroupName: null, instanceType: null, cleanUp: here, region: 'us-west-2' },
          nodes: Math.min(nodes, most),
        };
        const target = {
          ...draftTarget(config, settings, options, 192),
          bastion: bastionName('lab'),
          image: { digest: 'd'.repeat(64), source: `stack-bucket/sources/${'d'.repeat(64)}.zip` },
        };
        const request = requestOf(config, here ? { kind: 'local' } : target);
        const read = parseRequest(JSON.stringify(request, undefined, 2), 'run r');
        expect(read).toEqual(JSON.parse(JSON.stringify(request)));
        expect(parseRequest(JSON.stringify(read), 'run r')).toEqual(read);
        taken++;
      },
    ),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(20);
});

/** Paths of all that is in it. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))
      : [];
  return path.length > 0 ? [path, ...inside] : inside;
}

const request = eksRequest('r');
/** May be anything that is no mapping or list, or need not be there. */
const open = /^(config\.pod|config\.env|target\.tags|config\.tags)\./;
const places = pathsIn(request).filter((path) => !open.test(path.join('.')));

/** A copy of the request, what is around a path in it, and the path's last key. */
function copied(path: string[]) {
  const forged = structuredClone(request) as unknown as Record<string, unknown>;
  const keys = [...path];
  const last = keys.pop() ?? '';
  let place = forged;
  for (const key of keys) place = place[key] as Record<string, unknown>;
  return { forged, place, last };
}

test('a value of another kind is refused at each place, by its key', () => {
  const strange = fc.constantFrom<unknown>({ a: [1] }, [[{}]], Number.MAX_VALUE, -1, '\u0000', true);
  fc.assert(
    fc.property(fc.constantFrom(...places), strange, (path, value) => {
      const { forged, place, last } = copied(path);
      fc.pre(typeof value !== typeof place[last] || typeof value === 'number');
      place[last] = value;
      const name = path.join('.');
      // A budget may be any.
      fc.pre(!(name === 'config.budgetUsd' && value === Number.MAX_VALUE));
      fc.pre(!(name === 'config.pod' && typeof value === 'object'));
      try {
        checkedRequest(forged, 'run r');
      } catch (error) {
        expect(error).toMatchObject({ name: 'RequestInvalid', message: expect.stringContaining(name) });
        return;
      }
      throw new Error(`${name} may be ${JSON.stringify(value)}`);
    }),
    { numRuns: 2000 },
  );
});

test('no key may be left out, but those that earlier versions did not write', () => {
  const needless = places
    .map((path) => path.join('.'))
    .filter((name) => {
      const forged = structuredClone(request) as unknown as Record<string, unknown>;
      const keys = name.split('.');
      const last = keys.pop() ?? '';
      let place = forged;
      for (const key of keys) place = place[key] as Record<string, unknown>;
      if (Array.isArray(place)) return false;
      delete place[last];
      try {
        checkedRequest(forged, 'run r');
        return true;
      } catch {
        return false;
      }
    });
  expect(needless).toEqual(['config.dataAccess']);
});
