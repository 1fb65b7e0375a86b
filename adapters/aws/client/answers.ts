/** How adapters wait for AWS's answers. */
import { type Asked, translated } from './errors.ts';

/** What was sent, with errors of the ports instead of the SDK's. */
export async function answered<Answer>(asked: Asked, sent: Promise<Answer>): Promise<Answer> {
  try {
    return await sent;
  } catch (error) {
    throw translated(error, asked);
  }
}

/** The same, but undefined when AWS's error has one of these names. */
export async function answeredUnless<Answer>(
  names: readonly string[],
  asked: Asked,
  sent: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (names.includes(nameOf(error))) return undefined;
    throw translated(error, asked);
  }
}

/** AWS's name for an error. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
