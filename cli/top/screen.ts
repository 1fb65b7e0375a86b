/** A terminal's second screen, drawn anew without flicker; what was on the terminal is there again afterwards. */
import { cut } from '../terminal/output.ts';

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
/** Terminals that know it show everything between at once. */
const [together, apart] = ['\u001b[?2026h', '\u001b[?2026l'];

export class Screen {
  readonly #onExit = () => process.stdout.write(leave);

  constructor() {
    process.stdout.write(enter);
    process.once('exit', this.#onExit);
  }

  get rows(): number {
    return process.stdout.rows ?? 24;
  }

  draw(lines: string[]): void {
    const columns = process.stdout.columns ?? 80;
    const text = lines.slice(0, this.rows).map((line) => cut(line, columns) + clearLine);
    process.stdout.write(together + home + text.join('\r\n') + clearBelow + apart);
  }

  close(): void {
    process.off('exit', this.#onExit);
    process.stdout.write(leave);
  }
}

/** In raw mode Ctrl-C and Ctrl-D are keys like others. */
const quitKeys = new Set([0x03, 0x04, 'q'.charCodeAt(0), 'Q'.charCodeAt(0)]);

/** Calls back at `q` and Ctrl-C. @returns a function that stops listening */
export function onQuitKey(quit: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const onData = (keys: Buffer) => {
    if (keys.some((key) => quitKeys.has(key))) quit();
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  return () => {
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
