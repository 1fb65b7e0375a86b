/** Runs gcd-sfn as a user does, and notes what it printed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Step, shortened } from './report.ts';

const main = fileURLToPath(new URL('../../bin/gcd-sfn.js', import.meta.url));

/** The step ends here: the deadline, or Ctrl-C. */
export class Cut extends Error {}

export class Commands {
  /** Of the step that is at work. */
  noted: Step['commands'] = [];
  readonly #env: Record<string, string | undefined>;
  #running: ChildProcess | undefined;
  #cut: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(env: Record<string, string | undefined>) {
    this.#env = env;
  }

  /** Ends what runs, and whatever is begun afterwards, until `goOn`. @param why of the deadline or of a person */
  cut(why: string): void {
    this.#cut = why;
    this.#running?.kill('SIGTERM');
  }

  get isCut(): boolean {
    return this.#cut !== undefined;
  }

  /** The removal has a time of its own. */
  goOn(milliseconds: number): void {
    this.until(Date.now() + milliseconds, 'the removal has taken too long');
    this.#cut = undefined;
  }

  /** @param deadline in milliseconds since 1970 */
  until(deadline: number, why: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.cut(why), deadline - Date.now());
    this.#timer.unref();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** @throws Cut */
  checkTime(): void {
    if (this.#cut !== undefined) throw new Cut(this.#cut);
  }

  /** @returns its exit code and what it printed. @throws Cut */
  async run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    this.checkTime();
    const begun = performance.now();
    const child = spawn(process.execPath, [main, ...args], {
      // Of its own, so that Ctrl-C reaches this program alone.
      detached: true,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running = child;
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      process.stderr.write(text.replace(/^/gm, '    '));
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    this.#running = undefined;
    this.noted.push({
      line: `gcd-sfn ${args.join(' ')}`,
      ...{ code, seconds: (performance.now() - begun) / 1000 },
      printed: shortened(`${stderr}${stdout}`),
    });
    this.checkTime();
    return { code, stdout, stderr };
  }

  /** The same, for one that has to succeed. @throws Error with the end of what it said; Cut */
  async done(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code === 0) return { stdout, stderr };
    throw new Error(
      `gcd-sfn ${args[0]} ended with ${code}: ${stderr.trim().split('\n').slice(-6).join('\n')}`,
    );
  }
}
