/** What the program of a build wrote, without what CodeBuild wrote around it: there the commands stand, too. */

/** Begins each line of CodeBuild's own. */
const ofCodeBuild = /^\[Container\] /;
/** Ends a command of several lines in parentheses, with what CodeBuild says of it. */
const endOfCommand = /^\)/;
const failedCommand = /^Error while executing command: [\s\S]*?\. Reason: /;

/** Lines of a build's log, in order: those of its programs. A command that is echoed is left out, over all its lines. */
export function writtenLines(messages: string[]): string[] {
  const lines = messages.flatMap((message) => message.split(/\r?\n/)).map((line) => line.trimEnd());
  let isEcho = false;
  return lines.filter((line) => {
    if (ofCodeBuild.test(line)) {
      isEcho = line.endsWith('(');
      return false;
    }
    if (!isEcho) return line !== '';
    isEcho = !endOfCommand.test(line);
    return false;
  });
}

/** What CodeBuild says of a phase: how its command ended, without the command. */
export const phaseLine = (message: string): string =>
  message.replace(failedCommand, 'a command of the build failed: ').trim();
