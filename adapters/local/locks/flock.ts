/** A lock that the system releases when its holder ends, even by SIGKILL: flock(2), held by a Python process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Takes the lock if it is free, and keeps it until standard input ends. Continues without where the file system has no locks. */
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

export interface Flock {
  release(): Promise<void>;
}

/**
 * Takes a lock without waiting.
 * @param python absolute path of any Python 3.8 or newer
 * @param path lock file, in an existing folder; the file stays
 * @returns the lock, or the pid of its holder
 */
export async function takeFlock(python: string, path: string): Promise<Flock | { busy: string }> {
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
