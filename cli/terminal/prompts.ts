/** Questions on the terminal. They go to standard error, so that standard output stays data. */
import { confirm, input, select } from '@inquirer/prompts';
import { RunInterrupted } from '../../core/errors/errors.ts';

const context = { output: process.stderr };

export interface Choice<Value> {
  name: string;
  value: Value;
  /** Shown while the choice is selected. */
  description?: string;
}

/** One of several. */
export function askOne<Value>(message: string, choices: Choice<Value>[], standard?: Value): Promise<Value> {
  return answered(
    select<Value>(
      { message, choices, loop: false, ...(standard !== undefined && { default: standard as never }) },
      context,
    ),
  );
}

/** A line of text. @param mistakeIn says what is wrong with an answer; undefined when nothing is */
export function askText(
  message: string,
  standard: string,
  mistakeIn: (text: string) => string | undefined = () => undefined,
): Promise<string> {
  const validate = (text: string) => mistakeIn(text.trim()) ?? true;
  return answered(input({ message, default: standard, validate }, context)).then((text) => text.trim());
}

/** A whole number from `least` to `most`. */
export async function askWhole(
  message: string,
  standard: number,
  least: number,
  most: number,
): Promise<number> {
  const text = await askText(message, `${standard}`, (answer) =>
    /^\d+$/.test(answer) && Number(answer) >= least && Number(answer) <= most
      ? undefined
      : `It must be a whole number from ${least} to ${most}.`,
  );
  return Number(text);
}

export function askYes(message: string, standard: boolean): Promise<boolean> {
  return answered(confirm({ message, default: standard }, context));
}

/** Ctrl-C at a question ends the command; nothing has begun by then. */
async function answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new RunInterrupted('interrupted at a question: nothing was done', { cause: error });
    throw error;
  }
}
