"""The researcher's folder as a package, whatever the folder is called.

The folder above this one is the last entry of sys.path, so that processes which a task starts
(multiprocessing's spawn, joblib's loky) find functions of the project by the same name as the worker does.
"""
import os

__path__ = [os.environ['GCD_SFN_PROJECT']]
__spec__.submodule_search_locations = __path__
__file__ = os.path.join(__path__[0], '__init__.py')
if os.path.isfile(__file__):
    with open(__file__, 'rb') as _own:
        exec(compile(_own.read(), __file__, 'exec'))
