import { expect, test } from '@jest/globals';
import { LocalEnvironments } from '../../../../adapters/local/environments/local-environments.ts';
import { makePlan } from '../../../../adapters/local/environments/plan.ts';
import type { Interpreter } from '../../../../adapters/local/environments/probe.ts';
import { evaluate, offline, project, ready, temporary } from './places.ts';
import { makeWheel } from './wheels.ts';

const interpreter = { version: '3.11.7' } as Interpreter;
const heading =
  '# These are necessary packages to build `server` and `worker`.\n# Please do not change them.\n';
const fence = '# =================\n';
const servers = 'Flask==2.1.2\ncelery==5.2.6\nFlask-CeleryExt==0.3.4\nfactory-boy==3.2.0\nPillow==9.1.1\n';

async function left(requirements: string, code = '') {
  const files = { 'requirements.txt': requirements, 'my_modules/a.py': code };
  const { entries, leftOut } = await makePlan(project(files), interpreter);
  return { kept: entries.map(({ text }) => text), leftOut: leftOut.length };
}

test.each([
  ['closed by a fence', `${heading}${fence}${servers}${fence}numpy`, ['numpy']],
  [
    'after empty lines, Windows ends',
    `\n${heading}${fence}${servers}${fence}numpy`.replaceAll('\n', '\r\n'),
    ['numpy'],
  ],
  ['with an empty line inside', `${heading}${fence}${servers}\n${fence}`, []],
  ['with a line commented out', `${heading}${fence}# redis==3.5.3\n${servers}${fence}numpy`, ['numpy']],
  [
    'below its commented-out copy',
    `${`${heading}${servers}`.replace(/^/gm, '# ')}\n${heading}${fence}${servers}${fence}\nnumpy`,
    ['numpy'],
  ],
  ['without fences', `# necessary packages to build \`server\` and \`worker\`\n${servers}\nnumpy`, ['numpy']],
  ['never closed', `${heading}${fence}${servers}\n# mine\nnumpy\n${fence}scipy`, ['numpy', 'scipy']],
  ['followed by a comment', `${heading}${fence}${servers}# mine\nnumpy`, ['numpy']],
])('a block %s is left out', async (_, text, kept) => {
  expect(await left(text)).toEqual({ kept, leftOut: 5 });
});

test.each([
  ['emptied', `${heading}${fence}${fence}Flask`],
  ['commented out', `${`${heading}${fence}${fence}`.replace(/^/gm, '# ')}\nFlask`],
  ['not there', '# Packages for the server and worker\nFlask'],
])('a block that is %s takes nothing with it', async (_, text) => {
  expect(await left(text)).toEqual({ kept: ['Flask'], leftOut: 0 });
});

test.each([
  ['import PIL.Image as image, os', 'Pillow==9.1.1'],
  ['import os; from flask import Flask', 'Flask==2.1.2'],
  ['def f():\n    from factory.fuzzy import x', 'factory-boy==3.2.0'],
  ['import importlib\nx = importlib.import_module("celery.app")', 'celery==5.2.6'],
])('what the project imports stays: %s', async (code, kept) => {
  expect(await left(`${heading}${fence}${servers}${fence}`, code)).toEqual({ kept: [kept], leftOut: 4 });
});

test('a pin in the block that has no build here is relaxed, and the user is told', async () => {
  const wheels = temporary();
  makeWheel(wheels, { name: 'pandas', version: '1.3.5', tag: 'cp36-cp36m-none' });
  makeWheel(wheels, { name: 'pandas', version: '2.2.3', needs: ['nosuchgrain>=1'] });
  makeWheel(wheels, { name: 'boto3', version: '1.21.19' });
  makeWheel(wheels, { name: 'boto3', version: '1.30.0' });
  const text = `${heading}${fence}Flask==2.1.2\nboto3==1.21.19\npandas==1.3.5\nclick==8.1.3\n${fence}`;
  const folder = project({ 'requirements.txt': text, 'entrypoint.py': 'import boto3, pandas as pd\n' });
  // Without its dependencies the installed pandas is not whole: a warning, no error.
  const env = { ...offline(wheels), PIP_NO_DEPS: '1' };
  const environments = new LocalEnvironments({ cache: temporary(), env });
  const found = await ready(environments, { project: folder, python: null });
  expect(evaluate(found, 'import boto3, pandas; print(boto3.version, pandas.version)')).toBe('1.21.19 2.2.3');
  const short = found.version.split('.').slice(0, 2).join('.');
  expect(found.notices).toEqual([
    `requirements.txt: left out 2 server packages of the predecessor (Flask, click); pandas==1.3.5 has no build for Python ${short}, took 2.2.3`,
    'pip check: pandas 2.2.3 requires nosuchgrain, which is not installed.',
  ]);
});

test.each([
  ['pandas==1.3.5\n', '1.26.4'],
  ['pandas==2.2.3\n', '2.0.0'],
  ['pandas==1.3.5\nnumpy==2.0.0\n', '2.0.0'],
])('a pandas from before numpy 2 gets an older numpy, unless one is named: %j', async (pins, numpy) => {
  const wheels = temporary();
  for (const version of ['1.3.5', '2.2.3']) makeWheel(wheels, { name: 'pandas', version, needs: ['numpy'] });
  for (const version of ['1.26.4', '2.0.0']) makeWheel(wheels, { name: 'numpy', version });
  const folder = project({
    'requirements.txt': `${heading}${fence}Flask==2.1.2\nclick==8.1.3\n${pins}${fence}`,
    'entrypoint.py': 'import numpy, pandas\n',
  });
  const environments = new LocalEnvironments({ cache: temporary(), env: offline(wheels) });
  const found = await ready(environments, { project: folder, python: null });
  expect(evaluate(found, 'import numpy; print(numpy.version)')).toBe(numpy);
});

test('a block of which nothing is used needs no environment', async () => {
  const folder = project({ 'requirements.txt': `${heading}${fence}${servers}${fence}` });
  const environments = new LocalEnvironments({ cache: temporary() });
  const found = await environments.find({ project: folder, python: null });
  expect(found?.notices).toEqual([
    'requirements.txt: left out 5 server packages of the predecessor (Flask, celery, …)',
  ]);
});
