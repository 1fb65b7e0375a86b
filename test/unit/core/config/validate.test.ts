import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../../core/config/load-config.ts';
import { folderWith, mistakesIn } from './folder.ts';

test('config: all mistakes are listed, in the order of the file', async () => {
  const source = `data_bucket: data/in
max_node: 3
max_nodes: "ten"
filename:
  log_data: x.csv
  saved_data: a/b.csv
zzz: 1
task_timeout: -1
process_column_keywords: ['ok', 'a(']
spot: perhaps
max_nodes: 4
env: {1A: x, B: [1]}
`;
  expect(await mistakesIn(source)).toEqual([
    'config.yaml:1:14: data_bucket must be a bucket name, s3://bucket/prefix, or a folder that starts with ./, ../, / or ~, not "data/in"',
    'config.yaml:2:1: max_node is not a key of config.yaml: did you mean `max_nodes`?',
    'config.yaml:3:12: max_nodes must be a whole number from 1 to 1000, not "ten"',
    'config.yaml:5:3: log_data is not a key of filename: did you mean `logs_data`?',
    'config.yaml:6:15: filename.saved_data must be a plain file name that ends in .csv, without a leading dot, a folder, or any of : * ? " < > |, not "a/b.csv"',
    'config.yaml:7:1: zzz is not a key of config.yaml: remove it',
    'config.yaml:8:15: task_timeout must be a number of seconds above 0, at most 604800, not -1',
    'config.yaml:9:33: process_column_keywords, item 2, is not a regular expression (as JavaScript writes them): Unterminated group',
    'config.yaml:10:7: spot must be true or false, not "perhaps"',
    'config.yaml:11:1: max_nodes is given twice: remove one',
    'config.yaml:12:7: env: "1A" is not a valid name of an environment variable: use letters, digits and _',
    'config.yaml:12:17: env.B must be a text, a number, or true or false, not a list',
  ]);
});

const missing = 'it must be a bucket name, s3://bucket/prefix, or a folder that starts with ./, ../, / or ~';
const mapping =
  'the file must be a mapping: lines such as "data_bucket: ./data", with a space after the colon';
const quote = `write text that contains any of : # [ ] { } * & ! % @ in single quotes, such as 'a: b'`;
const many = 'values are nested too deeply here, or there are too many of them, perhaps by aliases (&, *)';
const laughs = `a: &a [${'x,'.repeat(9)}]\n${[...'bcdefgh'].map((key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]},`.repeat(9)}]\n`).join('')}`;

test.each([
  'relative',
  ...[
    '/',
    '//',
    '/app',
    '/app/',
    '/app/project',
    '/app/project/',
    '/app/./project',
    '/app/worker/gcd',
    '/root/..',
  ],
  ...[
    '/usr',
    '/usr/local',
    '/usr/local/lib',
    '/usr/lib',
    '/bin',
    '/lib64',
    '/etc',
    '/var',
    '/var/gcd',
    '/var/gcd/x',
  ],
  ...['/proc/1', '/sys', '/dev/shm', '/home', '/root', '/tmp', '/a:b', '/a\tb'],
])('config: the folder of the licence hides nothing that is needed: not %j', async (folder) => {
  const text = `data_bucket: .\nsolver_lic_target_path_in_images_dest: ${JSON.stringify(folder)}\n`;
  expect((await mistakesIn(text)).join()).toMatch(
    /^config\.yaml:2:40: solver_lic_target_path_in_images_dest must be the absolute path of a folder for the licence only, such as \/root\/mosek/,
  );
});

test.each([
  '/root/mosek',
  '/mosek',
  '/home/gcd/.gurobi',
  '/opt/gurobi/licence/',
  '/usr/local/mosek',
  '/app/project/licence',
])('config: the folder of the licence may be %s', async (folder) => {
  const text = `data_bucket: .\nsolver_lic_target_path_in_images_dest: ${folder}\n`;
  expect((await loadConfig(await folderWith({ 'config.yaml': text }))).solverLicenceTarget).toBe(folder);
});

test.each([
  [
    'data_bucket: .\ntable:\n  header: 0\n',
    '3:11: table.header must be auto, none, or the number of a line, from 1 to 1000000, not 0',
  ],
  [
    'data_bucket: .\ntable:\n  header: no\n',
    '3:11: table.header must be auto, none, or the number of a line, from 1 to 1000000, not "no"',
  ],
  ['data_bucket: .\ntable:\n  headers: 3\n', '3:3: headers is not a key of table: did you mean `header`?'],
  [
    'data_bucket: .\ntable:\n  delimiter: comas\n',
    '3:14: table.delimiter must be auto, comma, semicolon, tab, pipe, blanks, or a character in quotes, not "comas"',
  ],
  [
    'data_bucket: .\ntable:\n  encoding: utf-9\n',
    '3:13: table.encoding must be auto or the name of an encoding, such as utf-8, utf-16, cp1252 or shift_jis, not "utf-9"',
  ],
  [
    'data_bucket: .\ntable: 3\n',
    '2:8: table must be a mapping, such as "table:" with "  header: 3" in the next line, not 3',
  ],
  ['', '1:1: the file is empty: it needs at least a line such as "data_bucket: ./data"'],
  ['# only a comment\n', '1:1: the file is empty: it needs at least a line such as "data_bucket: ./data"'],
  ['data_bucket:./x\n', `1:1: ${mapping}`],
  ['- a\n', `1:1: ${mapping}`],
  ['spot: true\n', `1:1: data_bucket is missing: ${missing}`],
  ['spot: true\ndata_bucket:\n', `2:1: data_bucket has no value: ${missing}`],
  ['data_bucket: .\nfile_pattern: *.csv\n', '2:15: *.csv is an alias in YAML: write it in quotes, "*.csv"'],
  [
    'data_bucket: .\nprocess_column_keywords: "\\d"\n',
    '2:27: a backslash in double quotes is an escape in YAML: write the text in single quotes',
  ],
  [
    'data_bucket: .\nprocess_column_keywords: "\\bPow"\n',
    "2:26: process_column_keywords has a control character in it: between double quotes YAML turns \\b into one; write it between single quotes, '…'",
  ],
  [
    "data_bucket: .\nprocess_column_keywords: '(?i)power'\n",
    "2:26: process_column_keywords is not a regular expression (as JavaScript writes them): Invalid group; Python's (?i) is not known here: write [Pp]ower for both cases",
  ],
  [
    "data_bucket: .\nprocess_column_keywords: '\\APower'\n",
    "2:26: process_column_keywords has Python's \\A, which JavaScript's regular expressions do not know: write ^",
  ],
  ['data_bucket: .\nprocess_column_keywords: [Pp]ower\n', `2:30: unexpected here; ${quote}`],
  ['data_bucket: .\n\tspot: true\n', '2:1: the line is indented with a tab: YAML requires spaces'],
  ['data_bucket: .\npod: !Ref x\n', '2:6: the tag !Ref is not supported: remove it'],
  ['data_bucket: .\n---\nspot: true\n', '2:1: a second document starts here: remove the line ---'],
  [
    'data_bucket: .\nacccepted_idle_time: 3\naccepted_idle_time: 4\n',
    '3:1: accepted_idle_time and acccepted_idle_time are the same key and have different values: remove one',
  ],
  [
    'data_bucket: .\nfilename:\n  saved_data: LOGS.csv\n',
    '3:15: filename.saved_data and filename.logs_data are both "logs.csv": give each file its own name',
  ],
  [
    'data_bucket: .\nfilename: {performance: report.html}\n',
    '2:25: filename.performance must be a plain file name that ends in .txt, without a leading dot, a folder, or any of : * ? " < > |, not "report.html"',
  ],
  [
    'data_bucket: .\nfilename: {saved_data: .bashrc}\n',
    '2:24: filename.saved_data must be a plain file name that ends in .csv, without a leading dot, a folder, or any of : * ? " < > |, not ".bashrc"',
  ],
  [
    'data_bucket: .\nfilename: {saved_data: .r.csv}\n',
    '2:24: filename.saved_data must be a plain file name that ends in .csv, without a leading dot, a folder, or any of : * ? " < > |, not ".r.csv"',
  ],
  [
    'data_bucket: .\nfilename: {runtime_gantt_chart: runtime.csv}\n',
    '2:33: filename.runtime_gantt_chart must be a plain file name that ends in .png, without a leading dot, a folder, or any of : * ? " < > |, not "runtime.csv"',
  ],
  [
    'data_bucket: .\nfile_pattern: "[z-a]*"\n',
    '2:15: file_pattern has the range z-a in brackets, which is out of order: write a-z',
  ],
  [
    'data_bucket: .\nfile_pattern: {a: b}\n',
    '2:15: file_pattern must be a pattern, or a list of patterns, not a mapping',
  ],
  [
    'data_bucket: .\nfile_pattern: ["*.csv", "[z-a]"]\n',
    '2:25: file_pattern, item 2, has the range z-a in brackets, which is out of order: write a-z',
  ],
  [
    'data_bucket: gs://pv/x\n',
    '1:14: data_bucket is a Google Cloud bucket, which is not supported: copy the files into a folder or an S3 bucket, and name that',
  ],
  [
    'data_bucket: .\ntags: {project: x}\n',
    '2:8: tags: "project" is not a valid tag name: 1 to 128 letters, digits, spaces and _.:/=+-@; project, managedBy, aws:… and gcd-sfn:… are reserved',
  ],
  [
    'data_bucket: .\ntags: {grant: "A & B"}\n',
    '2:15: tags.grant must be a valid tag value: up to 256 letters, digits, spaces and _.:/=+-@, not starting with aws:, not "A & B"',
  ],
  [
    `data_bucket: .\ntags: {${Array.from({ length: 41 }, (_, n) => `t${n}: x`).join(', ')}}\n`,
    '2:7: tags has more than 40 tags: AWS accepts 50, including those of its own services',
  ],
  ['data_bucket: .\npod:\n  nodeselector: {a: b}\n', '3:17: pod.nodeselector unknown field'],
  [
    'data_bucket: .\npod:\n  tolerations: [{key: 1}]\n',
    '3:23: pod.tolerations, item 1, key must be a text, not 1',
  ],
  ['data_bucket: .\npod:\n  hostNetwork: true\n', '3:16: pod.hostNetwork cannot be changed'],
  [
    'data_bucket: .\npod: {priorityClassName: system-node-critical}\n',
    '2:26: pod.priorityClassName is reserved for the system pods of a node',
  ],
  [
    'data_bucket: .\npod: {volumes: [{name: n, nfs: {server: s}}]}\n',
    '2:32: pod.volumes, item 1, nfs cannot be used: volumes are an emptyDir, configMap, secret or persistentVolumeClaim',
  ],
  ['data_bucket: .\npod: {a: .nan}\n', '2:10: .nan is not a finite number'],
  ['data_bucket: .\npod: &a {x: *a}\n', `2:13: ${many}`],
  [laughs, `3:32: ${many}`],
  ['data_bucket: .\nvalueOf: 1\n', '2:1: valueOf is not a key of config.yaml: remove it'],
  ['data_bucket: .\npod: {__proto__: 1}\n', '2:7: not a valid key: a key is a plain name'],
])('config: %j', async (source, line) => {
  expect(await mistakesIn(source)).toEqual([`config.yaml:${line}`]);
});

test('config: after a mistake that stays in its line, the rest is checked too', async () => {
  expect(await mistakesIn('data_bucket: .\nfile_pattern: "\\*.csv"\nmax_nodes: 0\n')).toEqual([
    'config.yaml:2:16: a backslash in double quotes is an escape in YAML: write the text in single quotes',
    'config.yaml:3:12: max_nodes must be a whole number from 1 to 1000, not 0',
  ]);
});

test('config: positions hold with a byte order mark and CRLF', async () => {
  expect(await mistakesIn('\uFEFFspott: true\r\ndata_bucket: .\r\nspot: 3\r\n')).toEqual([
    'config.yaml:1:1: spott is not a key of config.yaml: did you mean `spot`?',
    'config.yaml:3:7: spot must be true or false, not 3',
  ]);
});

test('config: a file in another encoding', async () => {
  expect(await mistakesIn(Buffer.from('data_bucket: .\n# M\xfcller\n', 'latin1'))).toEqual([
    'config.yaml:2:4: is not UTF-8: save the file as UTF-8 in your editor',
  ]);
});

test('config: a word that is a bucket or a folder', async () => {
  const folder = await folderWith({ 'config.yaml': 'data_bucket: data\n' });
  await mkdir(join(folder, 'data'));
  await expect(loadConfig(folder)).rejects.toThrow(
    'config.yaml:1:14: data_bucket is ambiguous, a bucket or the folder data: write s3://data or ./data',
  );
});

test('config: a folder or a file that is missing', async () => {
  const folder = await folderWith({ file: '' });
  const hint = 'Name the folder with --project FOLDER; gcd-sfn init creates a new one.';
  await expect(loadConfig(folder)).rejects.toMatchObject({
    name: 'ProjectInvalid',
    message: `There is no config.yaml in ${folder}.`,
    hint,
  });
  await expect(loadConfig(join(folder, 'x'))).rejects.toMatchObject({
    name: 'ProjectInvalid',
    message: `There is no folder ${join(folder, 'x')}.`,
    hint,
  });
  await expect(loadConfig(join(folder, 'file'))).rejects.toMatchObject({
    name: 'ProjectInvalid',
    message: `${join(folder, 'file')} is a file, not a project folder.`,
  });
});

test('config: two files', async () => {
  const folder = await folderWith({ 'config.yaml': 'data_bucket: .\n', 'config.yml': 'data_bucket: .\n' });
  await expect(loadConfig(folder)).rejects.toMatchObject({
    name: 'ConfigInvalid',
    message: `${folder} has both config.yaml and config.yml: only one is allowed; delete config.yml.`,
  });
});
