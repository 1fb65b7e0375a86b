/** The packaged functions, each in a process of its own, as Lambda runs them: from its zip, with nothing else around it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder, readTemplate } from './template.ts';

export interface Invoked {
  /** What the function answered. */
  result?: unknown;
  /** What it threw, as Step Functions is told. */
  error?: { errorType: string; errorMessage: string; trace: string[] };
  /** Its lines of JSON in the log. */
  log: Record<string, unknown>[];
}

const program = `
const [folder, handler, event] = process.argv.slice(1);
const [, file, name] = /^(.*)\\.(\\w+)$/.exec(handler);
const { [name]: invoke } = await import(folder + '/' + file + '.mjs');
const send = (message) => process.send(message);
try { send({ result: await invoke(JSON.parse(event), { awsRequestId: 'request-1' }) ?? null }); }
catch (error) { send({ error: { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\\n') } }); }
process.disconnect();
`;

export class Bundles {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'gcd-bundles-'));
  readonly #env: Record<string, string>;
  readonly #unpacked = new Set<string>();

  /** @param env with which they run, besides nothing */
  constructor(env: Record<string, string>) {
    this.#env = env;
  }

  /** Asks a function by its name in serverless.yml. */
  async invoke(name: string, event: unknown, env: Record<string, string> = {}): Promise<Invoked> {
    const folder = join(this.#folder, name);
    if (!this.#unpacked.has(name)) {
      const zip = join(packageFolder, `${name}.zip`);
      const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-e', zip, folder], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      this.#unpacked.add(name);
    }
    const { Handler } = readTemplate().Resources[`${name}LambdaFunction`]?.Properties ?? {};
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', program, folder, Handler, JSON.stringify(event)],
      { cwd: folder, env: { ...this.#env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    let said = '';
    let trouble = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (said += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (trouble += text));
    let answer: Omit<Invoked, 'log'> | undefined;
    child.on('message', (message) => (answer = message as Omit<Invoked, 'log'>));
    await once(child, 'close');
    if (!answer) throw new Error(`${name} did not answer: ${said}${trouble}`);
    const log = said
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return { ...answer, log };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
