/** Separates the output of a build's commands from CodeBuild's own lines, which repeat the commands. */

/** Starts each line of CodeBuild's own. */
const ofCodeBuild = /^\[Container\] /;
/** Ends a command of several lines in parentheses, followed by CodeBuild's message. */
const endOfCommand = /^\)/;
const failedCommand = /^Error while executing command: [\s\S]*?\. Reason: /;

/** Lines that the commands wrote, in order. Echoed commands are left out. */
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

/** CodeBuild's message about a phase without the command in it. */
export const phaseLine = (message: string): string =>
  message.replace(failedCommand, 'a command of the build failed: ').trim();
