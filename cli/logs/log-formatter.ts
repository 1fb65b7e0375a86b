/** Formats the output of tasks for a terminal: each line starts with its task's name. */
import { taskName } from '../../core/run-store/plan/manifest.ts';
import { outColor } from '../terminal/output.ts';
import type { WorkerLine } from './merged-logs.ts';
import { stripControlSequences } from './strip-control-sequences.ts';

/** Colors of tasks; red is for errors. */
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

export class LogFormatter {
  readonly #prefix: string;
  /** Task with an unfinished line, by worker. */
  readonly #unended = new Map<string, string>();

  /** @param prefix key prefix of the data bucket, which is left out */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The lines of a text. */
  lines(line: WorkerLine): string[] {
    const who = speaker(line, this.#prefix);
    const goesOn = this.#unended.get(line.worker) === who;
    // An unfinished line was already printed with a line break.
    const text = goesOn && line.text.startsWith('\n') ? line.text.slice(1) : line.text;
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (line.text.endsWith('\n')) this.#unended.delete(line.worker);
    else this.#unended.set(line.worker, who);
    const paint = paints[hash(line.task ?? line.worker) % paints.length] ?? String;
    const name = paint(`${stripControlSequences(who, false)} |`);
    return lines.map((each) =>
      `${name} ${stripControlSequences(lastState(each), outColor.isColorSupported)}`.trimEnd(),
    );
  }
}

/** The text after the last carriage return: what a terminal would show of a progress bar. */
function lastState(line: string): string {
  return line.split('\r').findLast((state) => state !== '') ?? '';
}

/** A hash, for a stable color. */
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
