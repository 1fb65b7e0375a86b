/** A terminal for tests: runs the command line in it, presses keys, changes its size, reads what it shows. */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import { nodeOptions, packageRoot } from './project.ts';

const main = join(packageRoot, 'bin/gcd-sfn.js');
const pty = fileURLToPath(new URL('./pty.py', import.meta.url));

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  cwd?: string;
  env?: Record<string, string>;
  /**
   * Whether a line that the cursor is in is broken anew when the terminal is made narrower, as by VTE, kitty and
   * Windows Terminal, or cut, as by xterm.
   */
  reflow?: boolean;
}

export interface Terminal {
  /** Lines that the terminal shows and has shown, without those that are empty at the end. */
  screen(): string[];
  /** Everything that was written, with the control sequences. */
  written(): string;
  waitFor(text: string | RegExp): Promise<void>;
  press(keys: string): void;
  resize(columns: number, rows?: number): Promise<void>;
  /** Resolves when the command has ended and its last words are shown. */
  ended: Promise<{ code: number | null }>;
  pid: number | undefined;
}

/** Keys as terminals send them. */
export const key = {
  enter: '\r',
  escape: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  ctrlC: '\u0003',
  backspace: '\u007f',
};

/** Starts the command line in a terminal. */
export function startInTerminal(args: string[], options: TerminalOptions = {}): Terminal {
  return openTerminal([process.execPath, ...nodeOptions, main, ...args], options);
}

/** Starts any command in a terminal. */
export function openTerminal(command: string[], options: TerminalOptions = {}): Terminal {
  const { columns = 80, rows = 24, cwd = tmpdir(), env = {}, reflow = true } = options;
  const screen = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 10_000,
    reflowCursorLine: reflow,
    allowProposedApi: true,
  });
  const { NO_COLOR: _, CI: __, ...inherited } = process.env;
  const child = spawn('python3', [pty, `${columns}`, `${rows}`, ...command], {
    cwd,
    env: { ...inherited, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let written = '';
  let changed = () => {};
  let change = new Promise<void>((resolve) => {
    changed = resolve;
  });
  child.stdout.on('data', (data: Buffer) => {
    written += data.toString('latin1');
    screen.write(data, () => {
      changed();
      change = new Promise((resolve) => {
        changed = resolve;
      });
    });
  });
  // What the terminal answers when it is asked something.
  screen.onData((answer) => send({ keys: answer }));
  const send = (order: object) => child.stdin.write(`${JSON.stringify(order)}\n`);
  child.stdin.on('error', () => {});
  const settled = () => new Promise<void>((resolve) => screen.write('', resolve));
  const lines = () => linesOf(screen);
  const ended = new Promise<{ code: number | null }>((resolve) => {
    child.once('close', (code) => void settled().then(() => resolve({ code })));
  });
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
    changed();
  });
  return {
    screen: lines,
    written: () => Buffer.from(written, 'latin1').toString(),
    async waitFor(text) {
      const isThere = () => {
        const shown = lines().join('\n');
        return typeof text === 'string' ? shown.includes(text) : text.test(shown);
      };
      const late = performance.now() + 30_000;
      while (!isThere()) {
        if (hasEnded || performance.now() > late)
          throw new Error(`waited in vain for ${text}; the terminal shows:\n${lines().join('\n')}`);
        await Promise.race([change, new Promise((resolve) => setTimeout(resolve, 100))]);
      }
    },
    press: (keys) => send({ keys }),
    async resize(newColumns, newRows = rows) {
      await settled();
      resize(screen, newColumns, newRows);
      await settled();
      send({ resize: [newColumns, newRows] });
    },
    ended,
    pid: child.pid,
  };
}

function linesOf({ buffer: { active } }: InstanceType<typeof xterm.Terminal>): string[] {
  const lines = Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true) ?? '',
  );
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The cursor stays with the character that it is on, as in VTE; xterm.js leaves it in the last row of a broken line. */
function resize(screen: InstanceType<typeof xterm.Terminal>, columns: number, rows: number): void {
  const { active } = screen.buffer;
  const firstRow = () => {
    let row = active.baseY + active.cursorY;
    while (row > 0 && active.getLine(row)?.isWrapped) row--;
    return row;
  };
  const place = (active.baseY + active.cursorY - firstRow()) * screen.cols + active.cursorX;
  screen.resize(columns, rows);
  if (!screen.options.reflowCursorLine) return;
  const row = firstRow() + Math.floor(place / columns) - active.baseY;
  screen.write(`\u001b[${Math.max(0, row) + 1};${(place % columns) + 1}H`);
}
