"""A process above the supervisor, so that no process of a task outlives a supervisor that is killed.

After a SIGKILL, a supervisor cannot kill what its tasks have started. The kernel kills its child, but not the child's
descendants. So the process that the feeder starts is a subreaper: it forks the supervisor, waits for it, and kills the
processes that are left. If the subreaper is killed, the kernel sends SIGTERM to the supervisor.
"""
import os
import signal

from ..runtime import processes


def fork_supervisor():
    """Returns in the supervisor; the subreaper exits with the supervisor's exit code."""
    if not processes.adopt_orphans():
        # Without Linux, a subreaper could not find the processes that are left.
        return
    subreaper = os.getpid()
    supervisor = 0

    def forward(number, frame):
        if supervisor:
            os.kill(supervisor, number)

    ending = (signal.SIGTERM, signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    supervisor = os.fork()
    if supervisor == 0:
        processes.die_with_parent(subreaper, signal.SIGTERM)
        return
    for number in ending:
        signal.signal(number, forward)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ending)
    # Its ends of the pipes must not keep them open for the feeder.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    pid = 0
    while pid != supervisor:
        pid, status = os.wait()
    processes.kill_all_children()
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
