/** AWS on this machine: everything that test/box needs, started and ended together. README.md says what is real. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { motoPackages } from '../../../scripts/moto.ts';
import { Moto } from '../../support/moto/moto.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export class Box {
  readonly moto: Moto;
  /** The box's own folder: images, pods, home. Gone when it is stopped. */
  readonly folder: string;
  readonly #kubernetes: ChildProcess;
  readonly #control: string;

  static async start(): Promise<Box> {
    const folder = mkdtempSync(join(tmpdir(), 'gcd-box-'));
    const images = join(folder, 'images');
    const pods = join(folder, 'pods');
    for (const one of [images, pods, join(folder, 'home')]) mkdirSync(one);
    const kubernetes = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        here('../kubernetes/main.ts'),
        images,
        await motoPackages(),
        pods,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, GCD_BOX: folder } },
    );
    const control = await firstLine(kubernetes);
    const env = { GCD_BOX: folder, BOX_NODE: process.execPath, BOX_IMAGES: images, BOX_KUBERNETES: control };
    const moto = await Moto.start({ folders: [here('../aws')], env });
    return new Box({ moto, folder, kubernetes, control });
  }

  private constructor(of: { moto: Moto; folder: string; kubernetes: ChildProcess; control: string }) {
    this.moto = of.moto;
    this.folder = of.folder;
    this.#kubernetes = of.kubernetes;
    this.#control = of.control;
  }

  /** With which a program is the account's user. */
  get env(): Record<string, string> {
    return { ...this.moto.env, HOME: join(this.folder, 'home') };
  }

  /** Fires a rule that is called by the clock; back when its targets are through. */
  async fire(rule: string): Promise<void> {
    const url = `${this.moto.endpoint}/moto-api/box/fire?${new URLSearchParams({ rule })}`;
    const answer = await fetch(url, { method: 'POST' });
    if (!answer.ok) throw new Error(`${rule} could not be fired: ${await answer.text()}`);
  }

  /** What was asked for and is not imitated, was refused as no request of AWS, or was not delivered; a line each. */
  async unmodelled(): Promise<string[]> {
    const kubernetes = (await (await fetch(`${this.#control}/unmodelled`)).json()) as string[];
    const rest = (await (await fetch(`${this.moto.endpoint}/moto-api/box/unmodelled`)).json()) as string[];
    const requests = (await (await fetch(`${this.moto.endpoint}/_requests/violations`)).json()) as unknown[];
    return [
      ...requests.map((one) => `AWS: ${JSON.stringify(one)}`),
      ...kubernetes.map((line) => `Kubernetes: ${line}`),
      ...rest.map((line) => `moto: ${line}`),
    ];
  }

  /** Pids of what it has started and what still runs. Linux only: looks into /proc. */
  leftOver(): string[] {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOf(name, this.folder));
  }

  /** Ends everything that it has started. */
  async stop(): Promise<void> {
    try {
      await this.moto.stop();
    } finally {
      const ended = once(this.#kubernetes, 'exit');
      this.#kubernetes.stdin?.end();
      await ended;
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

/** Whether a process was started by a box. */
function isOf(pid: string, folder: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')) return false;
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`GCD_BOX=${folder}`);
  } catch {
    return false;
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  const line = new Promise<string>((resolve, reject) => {
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
    child.once('exit', () => reject(new Error('the stand-in for Kubernetes did not start')));
  });
  return JSON.parse(await line).control;
}
