/** A lock between processes that the system itself releases when its holder ends, even by SIGKILL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Takes the lock if it is free; keeps it until standard input ends. Where a file system knows no locks, goes without. */
const holder = `
import fcntl, os, sys
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o666)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print('busy', os.read(lock, 20).decode(), flush=True)
    sys.exit()
except OSError:
    pass
os.ftruncate(lock, 0)
os.write(lock, sys.argv[2].encode())
print('held', flush=True)
os.read(0, 1)
`;

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes a lock, or tells who has it; does not wait for it.
 * @param python absolute path of any Python 3.8 or newer
 * @param path of the lock's file, in a folder that is there; the file stays
 * @returns the lock, or the id of the process that has it
 */
export async function takeLock(python: string, path: string): Promise<Lock | { busy: string }> {
  const child = spawn(python, ['-I', '-S', '-c', holder, path, String(process.pid)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  const closed = once(child, 'close').catch(() => {});
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    said += text;
    if (said.includes('\n')) break;
  }
  const [word, pid = ''] = said.trim().split(' ');
  if (word === 'busy') return { busy: pid };
  return {
    release: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
