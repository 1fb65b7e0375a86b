/** A field of a text in JSON that may be anybody's; undefined when the text is no JSON, or the field is no text. */
export function jsonText(json: string | undefined, field: string): string | undefined {
  try {
    const value = Object(JSON.parse(json ?? ''))[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
