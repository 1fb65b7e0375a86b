/** What tasks have printed, as lines on a terminal: each begins with its task's name. */
import { taskName } from '../../core/run-store/plan/manifest.ts';
import { outColor } from '../terminal/output.ts';
import type { WorkerLine } from './merged-logs.ts';
import { harmless } from './strip-control-sequences.ts';

/** Not red, which is for errors. */
const paints = [
  outColor.cyan,
  outColor.green,
  outColor.yellow,
  outColor.blue,
  outColor.magenta,
  outColor.cyanBright,
  outColor.greenBright,
  outColor.yellowBright,
  outColor.blueBright,
  outColor.magentaBright,
];

export class Shown {
  readonly #prefix: string;
  /** Who has begun a line and not ended it, by worker. */
  readonly #unended = new Map<string, string>();

  /** @param prefix what the data's place puts before all files */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The lines of a text. */
  lines(line: WorkerLine): string[] {
    const who = speaker(line, this.#prefix);
    const goesOn = this.#unended.get(line.worker) === who;
    // A line that was shown before it ended has had its newline.
    const text = goesOn && line.text.startsWith('\n') ? line.text.slice(1) : line.text;
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (line.text.endsWith('\n')) this.#unended.delete(line.worker);
    else this.#unended.set(line.worker, who);
    const paint = paints[hash(line.task ?? line.worker) % paints.length] ?? String;
    const name = paint(`${harmless(who, false)} |`);
    return lines.map((each) => `${name} ${harmless(lastState(each), outColor.isColorSupported)}`.trimEnd());
  }
}

/** Of a progress bar, what a terminal would show in the end. */
function lastState(line: string): string {
  return line.split('\r').findLast((state) => state !== '') ?? '';
}

/** The same number for the same text. */
function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}

/** Name of the task that printed a line. @param prefix key prefix of the data bucket, which is left out */
function speaker({ file, column, attempt, worker }: WorkerLine, prefix: string): string {
  if (file === null) return `${worker}, importing`;
  const name = taskName({ file: file.startsWith(prefix) ? file.slice(prefix.length) : file, column });
  return attempt !== null && attempt > 1 ? `${name} (attempt ${attempt})` : name;
}
