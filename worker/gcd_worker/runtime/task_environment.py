"""The environment variables of a task: what its supervisor has, without what is of no use there, and what config.yaml gives."""
import json
import os
import sys

# Libraries that start a thread for each core of the machine, in every worker. Those of the first line follow
# OMP_NUM_THREADS where they are not told themselves.
FOLLOW_OMP = (
    'OPENBLAS_NUM_THREADS', 'GOTO_NUM_THREADS', 'MKL_NUM_THREADS', 'BLIS_NUM_THREADS', 'NUMEXPR_NUM_THREADS',
    'VECLIB_MAXIMUM_THREADS',
)
OWN_THREADS = ('NUMBA_NUM_THREADS', 'POLARS_MAX_THREADS', 'RAYON_NUM_THREADS')

# What notebooks and terminals hand on to what they start: a task draws and prints to a file.
LEFTOVERS = (
    'MPLBACKEND', 'JPY_PARENT_PID', 'JPY_SESSION_NAME', 'PYDEVD_USE_FRAME_EVAL', 'FORCE_COLOR', 'CLICOLOR',
    'CLICOLOR_FORCE', 'PYTHON_COLORS', 'PYTHONSTARTUP', 'PYTHONINSPECT', 'PYTHONBREAKPOINT',
)

# Where else Python looks for packages than in its environment.
OTHER_PACKAGES = ('PYTHONPATH', 'PYTHONHOME', 'PYTHONUSERBASE')


def task_environment(given, threads, own=None, isolated=None):
    """
    A dict of variables. `given`: from config.yaml, by name; None takes a variable away. `threads`: the worker's share of
    the machine's cores, None sets none. `own`: the supervisor's; `isolated`: packages come from the environment alone,
    as they do for the supervisor when it was started with -E.
    """
    own = os.environ if own is None else own
    isolated = sys.flags.ignore_environment if isolated is None else isolated
    left_out = LEFTOVERS + OTHER_PACKAGES if isolated else LEFTOVERS
    variables = {name: value for name, value in own.items() if name not in left_out}
    variables.update((name, str(value)) for name, value in given.items() if value is not None)
    for name in given:
        if given[name] is None:
            variables.pop(name, None)
    defaults = {'MPLBACKEND': 'Agg'}
    if threads:
        shared = variables.get('OMP_NUM_THREADS') or str(threads)
        defaults['OMP_NUM_THREADS'] = shared
        defaults.update(dict.fromkeys(FOLLOW_OMP, shared))
        defaults.update(dict.fromkeys(OWN_THREADS, str(threads)))
    for name, value in defaults.items():
        if name not in given:
            variables.setdefault(name, value)
    return variables


def print_task_environment():
    """
    Reads `{"environment":{…},"threads":2}`, as task_environment takes them; prints what tasks get otherwise than this process:
    `{"set":{"NAME":"value"},"left_out":["NAME"]}`. Values of `environment` are not printed.
    """
    asked = json.loads(sys.stdin.read())
    given = asked.get('environment') or {}
    variables = task_environment(given, asked.get('threads'))
    told = {name: value for name, value in variables.items() if name not in given and os.environ.get(name) != value}
    left_out = sorted(name for name in os.environ if name not in variables)
    sys.stdout.write(json.dumps({'set': told, 'left_out': left_out}) + '\n')
    return 0
