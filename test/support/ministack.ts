/** ministack, which stands in for AWS as moto does, and shares nothing with it; in a process of its own, on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ministackPython } from '../../scripts/ministack.ts';

const server = fileURLToPath(new URL('../ministack/server.py', import.meta.url));

export class Ministack {
  readonly #process: ChildProcess;
  readonly endpoint: string;

  static async start(): Promise<Ministack> {
    // Functions run in the Node that runs the tests.
    const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
    const child = spawn(ministackPython, [server], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH, HOME: process.env.HOME },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-20_000);
    });
    child.stdin.on('error', () => undefined);
    const endpoint = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line).endpoint));
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`ministack did not start: ${said}`)));
    });
    return new Ministack(child, endpoint);
  }

  private constructor(child: ChildProcess, endpoint: string) {
    this.#process = child;
    this.endpoint = endpoint;
  }

  /** Variables with which everything that speaks to AWS speaks to this server. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      NO_PROXY: '127.0.0.1',
    };
  }

  /** Addresses on which the server listens, as Linux writes them; looks into /proc. */
  listensOn(): string[] {
    const folder = `/proc/${this.#process.pid}`;
    const own = new Set(
      readdirSync(`${folder}/fd`).map((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/fd/${fd}`))?.[1];
        } catch {
          return undefined;
        }
      }),
    );
    return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
      readFileSync(`${folder}/net/${kind}`, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        // 0A: listens; 07: receives datagrams.
        .filter(([, , , state = '', , , , , , inode]) => /^(0A|07)$/.test(state) && own.has(inode))
        .map(([, local = '']) => local.split(':')[0] as string),
    );
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
  }
}
