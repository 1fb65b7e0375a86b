/** ministack, which stands in for AWS as moto does, and shares nothing with it; in a process of its own, on loopback. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ministackPython } from '../../../scripts/ministack.ts';
import { type AwsServer, awsEnv, startServer, stopServer } from './server-process.ts';

const server = fileURLToPath(new URL('../../ministack/server.py', import.meta.url));

export class Ministack {
  readonly #server: AwsServer;

  static async start(): Promise<Ministack> {
    // Functions run in the Node that runs the tests.
    const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
    return new Ministack(await startServer(ministackPython, [server], { PATH, HOME: process.env.HOME }));
  }

  private constructor(started: AwsServer) {
    this.#server = started;
  }

  /** Variables with which everything that speaks to AWS speaks to this server. */
  get env(): Record<string, string> {
    return awsEnv(this.#server.endpoint);
  }

  /** Addresses on which the server listens, as Linux writes them; looks into /proc. */
  listensOn(): string[] {
    const folder = `/proc/${this.#server.process.pid}`;
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

  stop(): Promise<void> {
    return stopServer(this.#server);
  }
}
