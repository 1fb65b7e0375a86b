/** Whether the kernel has killed for memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many processes the kernel's OOM killer has ended in this process's control group (Linux); 0 where that is unknown. */
export function kernelKills(): number {
  const lines = read('/proc/self/cgroup')?.split('\n') ?? [];
  for (const line of lines) {
    const [number, controllers = '', ...path] = line.split(':');
    const group = path.join(':');
    // Version 2 has one hierarchy, number 0; version 1 has one for memory.
    if (number === '0' && group !== '') {
      const found = killsIn('/sys/fs/cgroup', group, 'memory.events');
      if (found !== undefined) return found;
    } else if (controllers.split(',').includes('memory')) {
      const found = killsIn('/sys/fs/cgroup/memory', group, 'memory.oom_control');
      if (found !== undefined) return found;
    }
  }
  return 0;
}

function killsIn(base: string, group: string, name: string): number | undefined {
  // In a container, the path may be that of the host while the group is mounted as the root.
  const text = read(join(base, group, name)) ?? read(join(base, name));
  const found = text === undefined ? null : /^oom_kill (\d+)$/m.exec(text);
  return found ? Number(found[1]) : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
