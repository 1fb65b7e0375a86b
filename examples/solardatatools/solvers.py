"""Which solver the optimisation runs with, and a fix that keeps its memory small. Import this before solardatatools."""
import cvxpy
import numpy as np
import scipy.sparse
from cvxpy.utilities import linalg

# Comes with solar-data-tools, needs no licence, and was the fastest of the open ones on these problems.
DEFAULT = "CLARABEL"

_is_diagonal_of_dense = linalg.is_diagonal


def _is_diagonal(matrix):
    """As cvxpy's function of this name, in memory that grows with the entries and not with the square of the side.

    cvxpy 1.9 makes a sparse matrix dense to look beside its diagonal. Clipping detection has one of some 25,000
    rows: 5 GB and 15 s a task, for an answer that the sparse entries give at once.
    """
    if not scipy.sparse.issparse(matrix):
        return _is_diagonal_of_dense(matrix)
    entries = matrix.tocoo()
    return bool(np.allclose(entries.data[entries.row != entries.col], 0))


linalg.is_diagonal = _is_diagonal


def choose_solver(solver_name=None, solver_file=None):
    """The name of a solver that works here, in cvxpy's spelling; raises what is to be shown to the user.

    solver_name: from config.yaml; None takes CLARABEL. solver_file: path of a licence file, or None.
    """
    name = (solver_name or DEFAULT).upper()
    if name == "MOSEK":
        _check_mosek(solver_file)
    elif name not in cvxpy.installed_solvers():
        raise ValueError("solver_name in config.yaml is %s, but installed are %s"
                         % (solver_name, ", ".join(cvxpy.installed_solvers())))
    return name


def _check_mosek(solver_file):
    """Solves something tiny. Otherwise solar-data-tools would print a line and go on without a result."""
    if "MOSEK" not in cvxpy.installed_solvers():
        raise RuntimeError("solver_name in config.yaml is MOSEK, but the package mosek is not installed: write "
                           "mosek==11.2.7 into requirements.txt, or leave solver_name out to take " + DEFAULT)
    if solver_file:
        # Holds for the whole process. The variable MOSEKLM_LICENSE_FILE was read when cvxpy was imported: too early.
        import mosek
        mosek.Env().putlicensepath(solver_file)
    x = cvxpy.Variable()
    try:
        cvxpy.Problem(cvxpy.Minimize(cvxpy.abs(x - 1)), [x >= 2]).solve(solver="MOSEK")
    except Exception as error:
        where = ("the file that solver_lic_file_local_source in config.yaml names" if solver_file else
                 "~/mosek/mosek.lic, since solver_lic_file_local_source in config.yaml is not given")
        raise RuntimeError("MOSEK is installed, but does not run with the licence in %s: %s"
                           % (where, error)) from error
