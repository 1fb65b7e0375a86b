"""Memory of a process and its descendants, and kills by the kernel's OOM killer."""
import os

from .processes import with_descendants

_page_size = os.sysconf('SC_PAGE_SIZE') if hasattr(os, 'sysconf') else 4096


def resident(pid):
    """Resident bytes of one process; 0 where they are unknown."""
    try:
        with open('/proc/%d/statm' % pid, 'rb') as file:
            return int(file.read().split()[1]) * _page_size
    except (OSError, IndexError, ValueError):
        return 0


def proportional(pid):
    """Resident bytes, where a page shared by n processes counts 1/n; falls back to `resident`."""
    try:
        with open('/proc/%d/smaps_rollup' % pid, 'rb') as file:
            for line in file:
                if line.startswith(b'Pss:'):
                    return int(line.split()[1]) * 1024
    except (OSError, IndexError, ValueError):
        pass
    return resident(pid)


def in_use(pid, limit):
    """Bytes used by a process and its descendants; exact only near the limit."""
    tree = with_descendants(pid)
    total = sum(map(resident, tree))
    if total <= limit or len(tree) == 1:
        return total
    # Forked processes share most of their pages, which must not count twice.
    return sum(map(proportional, tree))


def machine_kills():
    """How many processes the kernel of this machine has killed for memory since it started; None where it does not count."""
    try:
        with open('/proc/vmstat', 'rb') as file:
            for line in file:
                if line.startswith(b'oom_kill '):
                    return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return None


def boot_id():
    """Names one run of the kernel; None where it has no name."""
    try:
        with open('/proc/sys/kernel/random/boot_id') as file:
            return file.read().strip()
    except OSError:
        return None


def kernel_kills():
    """How many processes the OOM killer has killed in this process's control group."""
    total = 0
    for path in _event_files():
        try:
            with open(path, 'rb') as file:
                for line in file:
                    words = line.split()
                    if len(words) == 2 and words[0] == b'oom_kill':
                        total += int(words[1])
        except (OSError, ValueError):
            pass
    return total


def _event_files():
    try:
        with open('/proc/self/cgroup') as file:
            lines = [line.rstrip('\n').split(':', 2) for line in file]
    except OSError:
        return
    for number, controllers, path in lines:
        if number == '0':
            base, name = '/sys/fs/cgroup', 'memory.events'
        elif 'memory' in controllers.split(','):
            base, name = '/sys/fs/cgroup/memory', 'memory.oom_control'
        else:
            continue
        inside = os.path.join(base + path, name)
        # In a container, the path may be that of the host while the group is mounted as the root.
        yield inside if os.path.exists(inside) else os.path.join(base, name)
