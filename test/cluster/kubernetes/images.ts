/** Images without a registry: from files of this machine, as archives that `ctr images import` and `kind load` take. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from '../../../scripts/kubernetes.ts';
import { pauseImage, stubImage } from './settings.ts';

const run = promisify(execFile);

/** In place of the agent: ready at once, ends with 143 on SIGTERM as the agent does when work is left. STUB_EXIT: ends at once. */
const stubAgent = `#!/bin/sh
[ -z "$STUB_EXIT" ] || { echo "$STUB_SAYS" >&2; exit "$STUB_EXIT"; }
touch /var/gcd/ready
trap 'exit 143' TERM
while :; do sleep 3600 & wait; done
`;
/** What the stub's script, the keeper and the readiness probe call. */
const stubPrograms = ['/bin/sh', '/usr/bin/test', '/usr/bin/touch', '/bin/sleep', '/bin/cat'];

export const pauseArchive = (archive: string): Promise<void> =>
  archiveOf(archive, pauseImage, ['/pause'], async (root) =>
    copyFileSync(join(programs, 'pause'), join(root, 'pause')),
  );

export const stubArchive = (archive: string): Promise<void> =>
  archiveOf(archive, stubImage, ['/usr/bin/python3'], async (root) => {
    for (const program of stubPrograms) await copyProgram(root, program);
    write(root, '/usr/bin/python3', stubAgent, 0o755);
    write(root, '/etc/passwd', 'worker:x:1000:1000::/home/worker:/bin/sh\n');
    write(root, '/app/project/README', 'a project without code\n');
  });

/** With the libraries that it needs, each under the name by which it is looked for. */
async function copyProgram(root: string, program: string): Promise<void> {
  const { stdout } = await run('ldd', [realpathSync(program)]);
  const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
  for (const path of [program, ...libraries]) {
    const copy = join(root, path);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(realpathSync(path), copy);
    chmodSync(copy, 0o755);
  }
}

function write(root: string, path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { mode });
}

/** Writes a Docker archive of one layer. @param fill fills the image's root folder */
async function archiveOf(
  archive: string,
  name: string,
  command: string[],
  fill: (root: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-image-'));
  try {
    const root = join(folder, 'root');
    mkdirSync(root, { mode: 0o755 });
    await fill(root);
    const owner = ['--owner=0', '--group=0', '--mtime=@0', '--sort=name'];
    await run('tar', ['-C', root, ...owner, '-cf', join(folder, 'layer.tar'), '.']);
    const layer = createHash('sha256')
      .update(await readFile(join(folder, 'layer.tar')))
      .digest('hex');
    const config = JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: { Cmd: command, Env: ['PATH=/usr/local/bin:/usr/bin:/bin'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
    });
    writeFileSync(join(folder, 'config.json'), config);
    const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await run('tar', ['-C', folder, '-cf', archive, 'manifest.json', 'config.json', 'layer.tar']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// `node test/cluster/kubernetes/images.ts stub.tar`: for a cluster that is not ours, such as `kind load image-archive stub.tar`.
if (import.meta.main) void stubArchive(process.argv[2] ?? 'stub.tar');
