"""Starts a part of the worker: `supervise`, `check PROJECT`, `variables`, `agent`, or `child` (which only the supervisor starts).

This file must be readable by any Python that a machine may call `python3` or `python`, back to 2.7, so that
it can say in the protocol's own form that the interpreter is too old: nothing newer before that check.
"""
import sys

# Modules that the interpreter has loaded by itself: see load.forget_shadowed.
STARTUP_MODULES = frozenset(sys.modules)

OLDEST = (3, 8)


def refuse_old_python():
    """Prints the `invalid` event for an interpreter that is too old and ends the process with code 2."""
    version = '.'.join(str(part) for part in sys.version_info[:3])
    oldest = '.'.join(str(part) for part in OLDEST)
    sys.stdout.write(
        '{"event":"invalid","error":"python-too-old",'
        '"message":"This is Python %s, and gcd-sfn needs Python %s or newer.",'
        '"hint":"Name a newer one in config.yaml, for example `python: python3.11`."}\n' % (version, oldest)
    )
    sys.stdout.flush()
    sys.exit(2)


def load_package():
    """Makes this folder importable as `gcd_worker` without putting any folder on sys.path.

    Python puts this file's folder first on sys.path, where its modules would shadow the user's: it is removed.
    """
    import importlib.util
    import os

    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or '.') != folder]
    spec = importlib.util.spec_from_file_location(
        'gcd_worker', os.path.join(folder, '__init__.py'), submodule_search_locations=[folder]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules['gcd_worker'] = module
    spec.loader.exec_module(module)


def main(arguments):
    """Runs the command that the first argument names."""
    if sys.version_info[:2] < OLDEST:
        refuse_old_python()
    load_package()
    command = arguments[0] if arguments else ''
    if command == 'supervise' and len(arguments) == 1:
        from gcd_worker.supervisor.main import supervise

        sys.exit(supervise())
    if command == 'check' and len(arguments) == 2:
        from gcd_worker.child.project.check import check

        sys.exit(check(arguments[1]))
    if command == 'variables' and len(arguments) == 1:
        from gcd_worker.runtime.task_environment import print_task_environment

        sys.exit(print_task_environment())
    if command == 'agent' and len(arguments) == 1:
        from gcd_worker.agent.main import run as run_agent

        run_agent()
    if command == 'child' and len(arguments) == 4:
        from gcd_worker.child.main import run

        run([int(argument) for argument in arguments[1:]], STARTUP_MODULES)
    sys.stderr.write('usage: python3 %s supervise | check PROJECT | variables | agent\n' % sys.argv[0])
    sys.exit(2)


# Guarded: multiprocessing's spawned processes run this file again under the name `__mp_main__`.
if __name__ == '__main__':
    main(sys.argv[1:])
