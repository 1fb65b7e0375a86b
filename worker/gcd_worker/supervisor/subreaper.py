"""A process above the supervisor, so that nothing of a task outlives a supervisor that is killed.

A supervisor that gets SIGKILL cannot end what its tasks have started. The child then gets SIGKILL from the kernel,
but what the child has started does not. So the process that the feeder starts is only a keeper: it forks the
supervisor, waits for it, and ends what is left. If the keeper is killed, the kernel tells the supervisor to stop.
"""
import os
import signal

from ..runtime import processes


def fork_supervisor():
    """Returns in the supervisor; the keeper ends with the supervisor's exit code."""
    if not processes.adopt_orphans():
        # Without that (this is no Linux), a keeper could not find what is left.
        return
    keeper = os.getpid()
    supervisor = 0

    def forward(number, frame):
        if supervisor:
            os.kill(supervisor, number)

    ending = (signal.SIGTERM, signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    supervisor = os.fork()
    if supervisor == 0:
        processes.die_with_parent(keeper, signal.SIGTERM)
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
