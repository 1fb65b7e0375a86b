"""The environment variables of tasks: those of the supervisor, without some, and those of config.yaml."""
import json
import os
import sys

# Variables of libraries that otherwise start a thread for each core of the machine, in every worker. Those of the first
# tuple have OMP_NUM_THREADS as their default.
FOLLOW_OMP = (
    'OPENBLAS_NUM_THREADS', 'GOTO_NUM_THREADS', 'MKL_NUM_THREADS', 'BLIS_NUM_THREADS', 'NUMEXPR_NUM_THREADS',
    'VECLIB_MAXIMUM_THREADS',
)
OWN_THREADS = ('NUMBA_NUM_THREADS', 'POLARS_MAX_THREADS', 'RAYON_NUM_THREADS')

# Notebooks and terminals set these for their children; a task draws and prints to files.
LEFTOVERS = (
    'MPLBACKEND', 'JPY_PARENT_PID', 'JPY_SESSION_NAME', 'PYDEVD_USE_FRAME_EVAL', 'FORCE_COLOR', 'CLICOLOR',
    'CLICOLOR_FORCE', 'PYTHON_COLORS', 'PYTHONSTARTUP', 'PYTHONINSPECT', 'PYTHONBREAKPOINT',
)

# Variables that add packages from outside of the Python environment.
OTHER_PACKAGES = ('PYTHONPATH', 'PYTHONHOME', 'PYTHONUSERBASE')


def task_environment(given, threads, own=None, isolated=None):
    """
    {name: value}. `given`: from config.yaml; None removes a variable. `threads`: the worker's share of the machine's
    cores, None sets no limit. `own`: the supervisor's variables. `isolated`: packages come from the Python environment
    alone, as for a supervisor that was started with -E.
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
    Reads `{"environment":{…},"threads":2}`, the arguments of task_environment; prints how the variables of tasks differ
    from this process's: `{"set":{"NAME":"value"},"left_out":["NAME"]}`. Values of `environment` are not printed.
    """
    arguments = json.loads(sys.stdin.read())
    given = arguments.get('environment') or {}
    variables = task_environment(given, arguments.get('threads'))
    changed = {name: value for name, value in variables.items() if name not in given and os.environ.get(name) != value}
    left_out = sorted(name for name in os.environ if name not in variables)
    sys.stdout.write(json.dumps({'set': changed, 'left_out': left_out}) + '\n')
    return 0
