/** What CodeBuild is told to do, with docker and aws that only write down what they are asked. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ImageSource } from '../../adapters/local/image-source/image-source.ts';
import { packageRoot } from '../support/cli/project.ts';
import { ofType, readTemplate } from '../support/stack/template.ts';

const text = readFileSync(join(packageRoot, 'buildspecs/image.yml'), 'utf8');
const buildspec = parse(text) as { env: { shell: string }; phases: Record<string, { commands: string[] }> };
const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/gcd-sfn-repository';

let folder = '';
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/**
 * Runs all phases, one command after the other, until one fails.
 * @param answers what programs do, by a pattern of their arguments
 * @param archive source of the build, unpacked into the folder `source`
 */
function build(answers: string, env: Record<string, string> = {}, archive?: Buffer) {
  folder = mkdtempSync(join(tmpdir(), 'gcd-buildspec-'));
  const source = join(folder, 'source');
  mkdirSync(source);
  if (archive) unpack(archive, source);
  const asked = join(folder, 'asked');
  for (const program of ['docker', 'aws']) {
    const script = `#!/bin/bash\necho "${program} $*" >> ${asked}\ncase "${program} $*" in\n${answers}\nesac\n`;
    writeFileSync(join(folder, program), script, { mode: 0o755 });
  }
  const commands = Object.values(buildspec.phases).flatMap((phase) => phase.commands);
  const run = (command: string) =>
    spawnSync(buildspec.env.shell, ['-c', command], {
      encoding: 'utf8',
      cwd: source,
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        REPOSITORY: repository,
        IMAGE_DIGEST: 'abc123',
        IMAGE_PLATFORM: 'linux/arm64',
        IMAGE_CACHE: 'cache-gismo-0123456789ab-arm64',
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

/** As a program does that knows no links: Python's zipfile writes their targets into files. */
function unpack(archive: Buffer, into: string): void {
  const path = `${into}.zip`;
  writeFileSync(path, archive);
  const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-e', path, into], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
}

const absent = '"aws ecr describe-images"*) exit 254 ;;';

test('it is a part of the template as it stands in its file', () => {
  const [, project] = ofType(readTemplate(), 'AWS::CodeBuild::Project')[0] ?? [];
  expect(project?.Properties.Source.BuildSpec).toBe(text);
});

test('an image that is not there is built for its processor, with the worker on top, and pushed', () => {
  const { failed, lines, pushed } = build(absent);
  expect(failed).toBeUndefined();
  const cache = `${repository}:cache-gismo-0123456789ab-arm64`;
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

test.each(['IMAGE_DIGEST', 'IMAGE_PLATFORM', 'IMAGE_CACHE'])(
  'a build without %s fails before anything else',
  (name) => {
    const { failed, lines } = build(absent, { [name]: '' });
    expect(failed?.stderr).toContain(name);
    expect(lines).toEqual([]);
  },
);

test("a project's links are links for docker, whatever unpacked the archive", async () => {
  const project = mkdtempSync(join(tmpdir(), 'gcd-buildspec-project-'));
  try {
    mkdirSync(join(project, 'lib/deep'), { recursive: true });
    writeFileSync(join(project, 'entrypoint.py'), '');
    writeFileSync(join(project, 'lib/deep/a.py'), 'a = 1\n');
    const links = {
      'b.py': 'lib/deep/a.py',
      'again.py': 'b.py',
      "it's $HOME's\n`folder` ": 'lib',
      'lib/deep/up': '../..',
      '-n': 'lib/deep/a.py',
      later: 'made/by/a/task',
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(project, path));
    const image = await ImageSource.of({
      ...{ project, platform: 'linux/arm64', python: null, licence: null },
      migrateDockerfile: () => undefined,
    });
    const archive = await buffer(image.archive());
    const { failed, pushed } = build(absent, {}, archive);
    expect(failed).toBeUndefined();
    expect(pushed).toHaveLength(2);
    for (const at of ['source/project', 'source/worker/project']) {
      for (const [path, target] of Object.entries(links))
        expect([path, readlinkSync(join(folder, at, path))]).toEqual([path, target]);
      const reached = ['b.py', 'again.py', "it's $HOME's\n`folder` /deep/a.py", 'lib/deep/up/b.py', '-n'];
      for (const path of reached) expect(readFileSync(join(folder, at, path), 'utf8')).toBe('a = 1\n');
      expect(lstatSync(join(folder, at, 'lib/deep/a.py')).isFile()).toBe(true);
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
