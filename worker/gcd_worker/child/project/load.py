"""Imports the user's project."""
import importlib
import os
import sys

from ...protocol.invalid import no_entrypoint, no_function
from ..exception_text import PROJECT_PACKAGE
from .import_failure import from_import

# Files that may define the function, below the project.
ENTRYPOINT_FILES = (('entrypoint.py',), ('entrypoint', '__init__.py'))
IMPORTABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'importable')


def load(project, startup_modules):
    """Imports entrypoint.py of the folder `project` and returns its `entrypoint`; raises Invalid.

    The folder is sys.path[0], so that `import helpers` works, and the package `gcd_sfn_project`, so that
    `from .helpers import x` works. The package does not have the folder's name, which may be `my-project`, or that of a
    library that the project uses.
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
    """Removes the worker's modules from sys.modules for which the project has a module of the same name.

    The project's `import queue` must find its queue.py, as in a script in that folder; the worker keeps its references.
    Modules that the interpreter has loaded at startup stay.
    """
    for name in list(sys.modules):
        top = name.partition('.')[0]
        if top in startup_modules or top in ('__main__', '__mp_main__'):
            continue
        if os.path.isfile(os.path.join(project, top + '.py')) or os.path.isfile(
            os.path.join(project, top, '__init__.py')
        ):
            del sys.modules[name]
