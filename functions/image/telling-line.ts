/** Which line of a build's log says why it failed. */

/** The step's number, and the seconds that it took so far. */
const prefix = /^(?:#\d+ )?(?:\d+\.\d+ )?/;
const isError = /(?:^|[\s:])(?:ERROR|error|fatal|\w*Error): |^E: /;
/** What docker says last: which step it was, but not why. */
const isStep = /did not complete successfully|returned a non-zero code/;
const longest = 300;

/** One line of a build: the last error that says more than which step it was; else the last error, else the last line. */
export function tellingLine(lines: string[]): string | undefined {
  const said = lines.flatMap((line) => line.split('\n')).map((line) => line.replace(prefix, '').trim());
  const errors = said.filter((line) => isError.test(line) && !isStep.test(line));
  const found = errors.at(-1) ?? said.findLast((line) => isStep.test(line)) ?? said.findLast(Boolean);
  return found && found.length > longest ? `${found.slice(0, longest)}…` : found;
}
