/** One supervisor process (worker/PROTOCOL.md) and its pipes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { assetPath } from '../assets.ts';

/** The first line that a supervisor gets. Keys as in worker/PROTOCOL.md. */
export interface SupervisorSettings {
  project: string;
  /** The working directory of its tasks. */
  working_directory: string;
  /** The folder for the files that tasks leave in their working directory. */
  outputs: string;
  max_output_bytes: number | null;
  worker: string;
  node: string;
  data_root: string | null;
  arguments: Record<string, string | null>;
  task_timeout: number | null;
  max_attempts: number;
  retry_exceptions: number;
  memory: number | null;
  keep_output: boolean;
  log: string | null;
  /** The memory that the supervisor shares with its child, as a file. */
  shared_memory: string;
  environment: Record<string, string>;
  threads: number | null;
}

/** How a supervisor ended, and the last of what it wrote to standard error. */
export interface SupervisorExit {
  code: number | null;
  signal: string | null;
  diagnostics: string;
}

const diagnosticsKept = 4096;

export class SupervisorProcess {
  readonly #process: ChildProcess;
  #diagnostics = '';
  readonly exited: Promise<SupervisorExit>;

  /**
   * @param python command line of the interpreter, e.g. `['/usr/bin/python3']`
   * @param onOutput the supervisor's output, as it comes
   */
  constructor(python: string[], settings: SupervisorSettings, onOutput: (bytes: Buffer) => void) {
    const [command, ...args] = python as [string, ...string[]];
    const main = assetPath('worker', 'gcd_worker', '__main__.py');
    // Detached: a Ctrl-C on the terminal is for the command line alone, which then decides.
    this.#process = spawn(command, [...args, main, 'supervise'], { detached: true, stdio: 'pipe' });
    this.#process.stdout?.on('data', onOutput);
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#diagnostics = (this.#diagnostics + text).slice(-diagnosticsKept);
    });
    // `exited` reports a supervisor that has ended, not the broken pipe.
    this.#process.stdin?.on('error', () => {});
    this.exited = new Promise((resolve) => {
      this.#process.once('error', (error) =>
        resolve({ code: null, signal: null, diagnostics: error.message }),
      );
      this.#process.once('close', (code, signal) =>
        resolve({ code, signal, diagnostics: this.#diagnostics }),
      );
    });
    this.send(JSON.stringify(settings));
  }

  /** Sends a line, given without its newline. */
  send(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Kills it. Its child ends with it. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
