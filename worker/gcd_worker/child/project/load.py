"""Imports the user's project."""
import importlib
import os
import sys

from ...protocol.invalid import no_entrypoint, no_function
from ..exception_text import PROJECT_PACKAGE
from .import_failure import from_import

# Where the function may be, below the project.
ENTRYPOINT_FILES = (('entrypoint.py',), ('entrypoint', '__init__.py'))
IMPORTABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'importable')


def load(project, startup_modules):
    """Imports entrypoint.py of the folder `project` and returns its `entrypoint`; raises Invalid.

    The folder is sys.path[0], so `import helpers` works, and it is the package `gcd_sfn_project`, so that
    `from .helpers import x` does. That is a name of ours because a folder may be called `my-project` or, worse,
    like a library that it uses.
    """
    if not any(os.path.isfile(os.path.join(project, *rest)) for rest in ENTRYPOINT_FILES):
        raise no_entrypoint(project)
    sys.path[:] = [project] + [entry for entry in sys.path if entry not in ('', project)] + [IMPORTABLE]
    sys.argv[:] = [os.path.join(project, 'entrypoint.py')]
    forget_shadowed(project, startup_modules)
    try:
        module = importlib.import_module(PROJECT_PACKAGE + '.entrypoint')
    except BaseException as error:
        raise from_import(error, project) from None
    try:
        return module.entrypoint
    except AttributeError:
        raise no_function(getattr(module, '__file__', None) or 'entrypoint.py') from None


def forget_shadowed(project, startup_modules):
    """Drops the modules that this program has imported where the project has its own of the same name.

    A project's queue.py must be found by its `import queue`, as it is when Python runs a script in that
    folder; this program keeps what it has imported. What the interpreter itself had loaded stays.
    """
    for name in list(sys.modules):
        top = name.partition('.')[0]
        if top in startup_modules or top in ('__main__', '__mp_main__'):
            continue
        if os.path.isfile(os.path.join(project, top + '.py')) or os.path.isfile(
            os.path.join(project, top, '__init__.py')
        ):
            del sys.modules[name]
