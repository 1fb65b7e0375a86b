"""Checks a project without running its code."""
import ast
import json
import os
import sys
import warnings

from ...protocol.invalid import Invalid, bad_syntax, no_entrypoint, no_function
from .load import ENTRYPOINT_FILES
from .signature import new_call


def check(project):
    """Prints `{"ok":true,"python":"3.11.7"}` or the `invalid` event; returns the exit code, 0 or 2."""
    try:
        _check(os.path.abspath(project))
    except Invalid as invalid:
        sys.stdout.write(invalid.line().decode())
        return 2
    version = '.'.join(map(str, sys.version_info[:3]))
    sys.stdout.write(json.dumps({'ok': True, 'python': version}, separators=(',', ':')) + '\n')
    return 0


def _check(project):
    paths = [os.path.join(project, *place) for place in ENTRYPOINT_FILES]
    path = next(filter(os.path.isfile, paths), None)
    if path is None:
        raise no_entrypoint(project)
    tree = _parse(path)
    found = list(_bindings(tree.body))
    if not found:
        raise no_function(path)
    last = found[-1]
    if isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef)) and not last.decorator_list:
        # A function without its body has the same signature, and running its definition runs nothing.
        new_call(_stub(last), {})


def _parse(path):
    try:
        with open(path, 'rb') as file, warnings.catch_warnings():
            warnings.simplefilter('ignore')
            source = file.read()
            compile(source, path, 'exec', dont_inherit=True)
            return ast.parse(source, path)
    except SyntaxError as error:
        raise bad_syntax(error) from None
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise Invalid('syntax-error', '%s cannot be read as Python: %s' % (path, error)) from None


def _bindings(statements):
    """The statements that may define `entrypoint` in the module, in order; any `import *` may."""
    for statement in statements:
        if _binds(statement):
            yield statement
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for block in ('body', 'orelse', 'handlers', 'finalbody', 'cases'):
                yield from _bindings(getattr(statement, block, []))


def _binds(statement):
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return statement.name == 'entrypoint'
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        names = [alias.asname or alias.name for alias in statement.names]
        return 'entrypoint' in names or '*' in names
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.For, ast.With)):
        return any(
            isinstance(node, ast.Name) and node.id == 'entrypoint' and isinstance(node.ctx, ast.Store)
            for node in ast.walk(statement)
        )
    return False


def _stub(function):
    yields = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in _own_nodes(function))
    arguments = function.args
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    arguments.defaults = [ast.Constant(None) for _ in arguments.defaults]
    arguments.kw_defaults = [default and ast.Constant(None) for default in arguments.kw_defaults]
    function.returns = None
    function.body = [ast.Expr(ast.Yield(None))] if yields else [ast.Pass()]
    module = ast.fix_missing_locations(ast.Module([function], []))
    names = {}
    exec(compile(module, '<signature>', 'exec'), names)
    return names['entrypoint']


def _own_nodes(function):
    """Nodes of a function, without those of functions inside it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(node))
