import { expect, test } from '@jest/globals';
import { makePlan } from '../../../../../../adapters/local/environments/environment-plan.ts';
import { LocalEnvironments } from '../../../../../../adapters/local/environments/local-environments.ts';
import type { Interpreter } from '../../../../../../adapters/local/environments/python/inspect-interpreter.ts';
import { fence, heading } from '../../../../../support/environments/server-packages-block.ts';
import { project, temporary } from '../../../../../support/environments/temporary-projects.ts';

const interpreter = { version: '3.11.7' } as Interpreter;
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

test('a block of which nothing is used needs no environment', async () => {
  const folder = project({ 'requirements.txt': `${heading}${fence}${servers}${fence}` });
  const environments = new LocalEnvironments({ cache: temporary() });
  const found = await environments.find({ project: folder, python: null });
  expect(found?.notices).toEqual([
    'requirements.txt: left out 5 server packages of the predecessor (Flask, celery, …)',
  ]);
});
