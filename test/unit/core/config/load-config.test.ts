import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../../core/config/load-config.ts';
import { folderWith, load, mistakesIn } from './folder.ts';

test('config: one key is enough, and the rest has defaults', async () => {
  const folder = await folderWith({ 'config.yaml': 'data_bucket: ./data\n' });
  expect(await loadConfig(folder)).toEqual({
    given: ['data_bucket'],
    dataBucket: { kind: 'folder', path: join(folder, 'data') },
    dataAccess: { requesterPays: false, unsigned: false, endpoint: null },
    filePattern: '*',
    followLinks: [],
    columnKeywords: null,
    wholeFiles: false,
    table: { header: 'auto', comment: 'auto', delimiter: 'auto', encoding: 'auto' },
    defaultProcessFiles: [],
    savedBucket: null,
    savedPathCloud: 'results',
    fileNames: {
      savedData: 'results.csv',
      logsData: 'logs.csv',
      errorData: 'error.csv',
      performance: 'performance.txt',
      runtimeGanttChart: 'runtime.png',
    },
    acceptedIdleSeconds: 360,
    nodesWaitSeconds: 900,
    solverName: null,
    solverLicenceFile: null,
    solverLicenceTarget: null,
    taskTimeoutSeconds: null,
    maxAttempts: 3,
    exceptionAttempts: 1,
    memoryPerWorkerBytes: null,
    keepOutput: false,
    maxOutputBytes: 1073741824,
    identityColumns: true,
    dataCacheBytes: null,
    python: null,
    env: {},
    instanceType: 'm6i.large',
    maxNodes: 100,
    spot: false,
    workersPerNode: null,
    region: null,
    tags: {},
    budgetUsd: null,
    notify: null,
    keepImages: true,
    bastion: true,
    pod: {},
  });
});

test("config: the predecessor's keys, empty values and kinds of truth are understood", async () => {
  const config = await load(`
data_bucket: "pv.insight.nrel"
file_pattern: "*.csv"
process_column_keywords: ["Power", "^ac"]
default_process_files:
saved_bucket: "pv.insight.test"
saved_path_cloud: /2020/
acccepted_idle_time: "90"
solver_name: ""
is_celeryflower_on: yes
repeat_number_per_round: 1
filename:
  saved_data: out.csv
  error_data:
`);
  expect(config).toMatchObject({
    dataBucket: { kind: 's3', bucket: 'pv.insight.nrel', prefix: '' },
    columnKeywords: ['Power', '^ac'],
    defaultProcessFiles: [],
    savedPathCloud: '2020',
    acceptedIdleSeconds: 90,
    solverName: null,
    fileNames: { savedData: 'out.csv', errorData: 'error.csv' },
  });
  expect(config.given).not.toContain('default_process_files');
  expect(config.given).not.toContain('solver_name');
  expect(config.given).toContain('is_celeryflower_on');
});

test('config: a text is taken as it is written, also where it looks like a number', async () => {
  const config = await load(
    'data_bucket: 2020\npython: 3.10\nenv: {A: yes, B: 007, C: 1.50, D:, E: "x", F: true}\n',
  );
  expect(config.dataBucket).toEqual({ kind: 's3', bucket: '2020', prefix: '' });
  expect(config.python).toBe('3.10');
  expect(config.env).toEqual({ A: 'yes', B: '007', C: '1.50', D: '', E: 'x', F: 'true' });
});

test.each([
  ['s3://b-1/a//b/', { kind: 's3', bucket: 'b-1', prefix: 'a/b/' }],
  ['s3://b-1', { kind: 's3', bucket: 'b-1', prefix: '' }],
  ['/srv/data', { kind: 'folder', path: '/srv/data' }],
  ['~/data', { kind: 'folder', path: join(homedir(), 'data') }],
])('config: data_bucket %s', async (given, meant) => {
  expect((await load(`data_bucket: ${given}\n`)).dataBucket).toEqual(meant);
});

test('config: folders are seen from the project', async () => {
  const folder = await folderWith({
    'config.yml': 'data_bucket: ..\nsolver_lic_file_local_source: l/mosek.lic\npython: venv/bin/python\n',
  });
  expect(await loadConfig(folder)).toMatchObject({
    dataBucket: { path: join(folder, '..') },
    solverLicenceFile: join(folder, 'l/mosek.lic'),
    python: join(folder, 'venv/bin/python'),
  });
});

test.each([
  ['true', 7],
  ['no', 1],
  ['2', 2],
])('config: retry_exceptions: %s', async (given, attempts) => {
  expect(
    (await load(`data_bucket: .\nmax_attempts: 7\nretry_exceptions: ${given}\n`)).exceptionAttempts,
  ).toBe(attempts);
});

test.each([
  ['512Mi', 2 ** 29],
  ['2Gi', 2 ** 31],
  ['1.5G', 1.5e9],
  ['536870912', 2 ** 29],
])('config: memory_per_worker: %s', async (given, bytes) => {
  expect((await load(`data_bucket: .\nmemory_per_worker: ${given}\n`)).memoryPerWorkerBytes).toBe(bytes);
});

test('config: an e-mail address or a topic is notified', async () => {
  const arn = 'arn:aws:sns:us-west-2:123456789012:runs';
  expect((await load('data_bucket: .\nnotify: a.b@c.org\n')).notify).toEqual({
    kind: 'email',
    address: 'a.b@c.org',
  });
  expect((await load(`data_bucket: .\nnotify: ${arn}\n`)).notify).toEqual({ kind: 'topic', arn });
});

test('config: byte order mark, CRLF, 1e3 and merged mappings are fine', async () => {
  const config = await load(
    '\uFEFFdata_bucket: .\r\nmax_nodes: 1e3\r\nenv: &e {A: 1, B: 2}\r\ntags:\r\n  <<: *e\r\n  B: x\r\n',
  );
  expect(config).toMatchObject({ maxNodes: 1000, env: { A: '1', B: '2' }, tags: { A: '1', B: 'x' } });
});

test('config: the pod patch is kept as it is', async () => {
  const config = await load(
    'data_bucket: .\npod: {nodeSelector: {gpu: "yes"}, affinity: null, tolerations: [{key: a}]}\n',
  );
  expect(config.pod).toEqual({ nodeSelector: { gpu: 'yes' }, affinity: null, tolerations: [{ key: 'a' }] });
});

test('config: what is loaded survives being stored', async () => {
  const config = await load(
    'data_bucket: s3://b-1/x\nmemory_per_worker: 1Gi\nenv: {A: 1}\nnotify: a@b.org\n',
  );
  expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config);
});

test('config: a public bucket asks nobody to pay', async () => {
  const both = 'data_bucket: open\ndata_unsigned: true\ndata_requester_pays: true\n';
  expect((await mistakesIn(both)).join()).toContain(
    'data_unsigned and data_requester_pays exclude each other',
  );
  expect((await load('data_bucket: open\ndata_unsigned: true\n')).dataAccess).toEqual({
    ...{ requesterPays: false, unsigned: true, endpoint: null },
  });
});

test('config: where a table begins', async () => {
  const table = async (text: string) => (await load(`data_bucket: .\ntable: ${text}\n`)).table;
  const auto = { header: 'auto', comment: 'auto', delimiter: 'auto', encoding: 'auto' };
  expect(await table('')).toEqual(auto);
  expect(await table('{header: 3, delimiter: semicolon}')).toEqual({ ...auto, header: 3, delimiter: ';' });
  expect(await table(`{header: "12", comment: '%', delimiter: "\\t", encoding: Windows-1252}`)).toEqual({
    header: 12,
    comment: '%',
    delimiter: '\t',
    encoding: 'cp1252',
  });
  expect(await table('{header: none, comment: none, delimiter: blanks, encoding: UTF_16}')).toEqual({
    header: 'none',
    comment: 'none',
    delimiter: ' ',
    encoding: 'utf-16',
  });
});

test.each(['none', 'false', '"none"'])('config: files as a whole: %s', async (given) => {
  const config = await load(`data_bucket: .\nprocess_column_keywords: ${given}\n`);
  expect(config).toMatchObject({ wholeFiles: true, columnKeywords: null });
});

test.each(['', '[]', '""', '~'])('config: every column: %j', async (given) => {
  const config = await load(`data_bucket: .\nprocess_column_keywords: ${given}\n`);
  expect(config).toMatchObject({ wholeFiles: false, columnKeywords: null });
});
