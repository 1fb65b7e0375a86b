/** Whether there is somebody to ask: a terminal on both ends. */
export function isInteractive(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY) && process.env.TERM !== 'dumb';
}
