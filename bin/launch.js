// Runs a program in place of this one: what this process is told, the other is told, and it ends as the other did.
// Written so that an old Node can read it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What others send to end a process; of a terminal's Ctrl-C both hear, which the command line counts once. */
const handedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGCONT'];

/** Never returns to its caller while the program runs. */
export function launch(program, args, env) {
  const child = spawn(program, args, { stdio: 'inherit', env });
  for (const signal of handedOn) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${program} cannot be started: ${error.message}`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // A signal that does not end this process; shells say it so.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 1000);
  });
}
