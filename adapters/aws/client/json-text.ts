/** A text field of JSON that anybody may have written; undefined when it is no JSON, or the field no text. */
export function jsonText(json: string | undefined, field: string): string | undefined {
  try {
    const value = Object(JSON.parse(json ?? ''))[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The message in a failure's cause: Lambda writes JSON with it, other services plain text. */
export const messageOfCause = (cause: string): string => jsonText(cause, 'errorMessage') ?? cause;
