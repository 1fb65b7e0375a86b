/** What CodeBuild is told to do, with docker and aws that only write down what they are asked. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { packageRoot } from '../support/project.ts';
import { ofType, readTemplate } from '../support/stack.ts';

const text = readFileSync(join(packageRoot, 'buildspecs/image.yml'), 'utf8');
const buildspec = parse(text) as { env: { shell: string }; phases: Record<string, { commands: string[] }> };
const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/gcd-sfn-repository';

let folder = '';
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Runs all phases, one command after the other, until one fails. @param answers what programs do, by a pattern of their arguments */
function build(answers: string, env: Record<string, string> = {}) {
  folder = mkdtempSync(join(tmpdir(), 'gcd-buildspec-'));
  const asked = join(folder, 'asked');
  for (const program of ['docker', 'aws']) {
    const script = `#!/bin/bash\necho "${program} $*" >> ${asked}\ncase "${program} $*" in\n${answers}\nesac\n`;
    writeFileSync(join(folder, program), script, { mode: 0o755 });
  }
  const commands = Object.values(buildspec.phases).flatMap((phase) => phase.commands);
  const run = (command: string) =>
    spawnSync(buildspec.env.shell, ['-c', command], {
      encoding: 'utf8',
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        REPOSITORY: repository,
        IMAGE_DIGEST: 'abc123',
        IMAGE_PLATFORM: 'linux/arm64',
        ...env,
      },
    });
  let failed: ReturnType<typeof run> | undefined;
  for (const command of commands) {
    const ended = run(command);
    if (ended.status === 0) continue;
    failed = ended;
    break;
  }
  const lines = existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [];
  return { failed, pushed: lines.filter((line) => line.startsWith('docker push')), lines };
}

const absent = '"aws ecr describe-images"*) exit 254 ;;';

test('it is a part of the template as it stands in its file', () => {
  const [, project] = ofType(readTemplate(), 'AWS::CodeBuild::Project')[0] ?? [];
  expect(project?.Properties.Source.BuildSpec).toBe(text);
});

test('an image that is not there is built for its processor, with the worker on top, and pushed', () => {
  const { failed, lines, pushed } = build(absent);
  expect(failed).toBeUndefined();
  const cache = `${repository}:cache-arm64`;
  expect(lines).toContain(
    'docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  );
  expect(lines).toContain(
    'aws ecr describe-images --repository-name gcd-sfn-repository --image-ids imageTag=abc123',
  );
  const builds = lines.filter((line) => line.startsWith('docker build'));
  expect(builds).toEqual([
    `docker build --platform linux/arm64 --cache-from ${cache} --build-arg BUILDKIT_INLINE_CACHE=1 --tag ${cache} project`,
    `docker build --platform linux/arm64 --build-arg PROJECT_IMAGE=${cache} --tag ${repository}:abc123 worker`,
  ]);
  expect(pushed).toEqual([`docker push --quiet ${repository}:abc123`, `docker push --quiet ${cache}`]);
});

test('there are no layers to begin with: it is built all the same', () => {
  const { failed, pushed } = build(`${absent}\n"docker pull"*) exit 1 ;;`);
  expect(failed).toBeUndefined();
  expect(pushed).toHaveLength(2);
});

test('an image that is there is left alone', () => {
  const { failed, lines } = build('"aws ecr describe-images"*) exit 0 ;;');
  expect(failed).toBeUndefined();
  expect(lines.filter((line) => /^docker (build|push)/.test(line))).toEqual([]);
});

test.each(['docker build*project', 'docker build*worker', 'docker login'])(
  '%s fails: nothing is pushed',
  (what) => {
    const pattern = what
      .split('*')
      .map((part) => `"${part}"`)
      .join('*');
    const { failed, pushed } = build(`${absent}\n${pattern}*) exit 1 ;;`);
    expect(failed?.status).not.toBe(0);
    expect(pushed).toEqual([]);
  },
);

test('a digest that was forgotten fails before anything else', () => {
  const { failed } = build(absent, { IMAGE_DIGEST: '' });
  expect(failed?.stderr).toContain('IMAGE_DIGEST');
});
