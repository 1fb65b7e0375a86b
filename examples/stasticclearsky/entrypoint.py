"""By how much a system's power falls from year to year, from its measured power alone.

Statistical clear-sky fitting looks for the power that there would have been without clouds: a sum of a few daily
shapes, smooth through the day, the same every year but for one factor a year. That factor is the degradation rate.
"""
import os
import warnings

from solvers import choose_solver  # before solardatatools: it hints a function of cvxpy

import numpy as np
import pandas as pd
from solardatatools import DataHandler
from statistical_clear_sky import SCSF

# Means of days without a value, on purpose; a line for each would fill the output of every task.
warnings.filterwarnings("ignore", category=RuntimeWarning)

# Two years: with less, a year's factor and the seasons cannot be told apart.
LEAST_DAYS = 730
# Smoothness of the shapes, smoothness from day to day, and the quantile taken as clear: they fit hourly data.
HYPERPARAMETERS = {"mu_l": 5e2, "mu_r": 1e3, "tau": 0.9}


def entrypoint(data_bucket, curr_process_file, curr_process_column, data_file=None, solver_name=None, solver_file=None,
               **_):
    """Called once for each column of each file; the dict it returns is one row of results.csv."""
    solver = choose_solver(solver_name, solver_file)
    # data_file is the worker's copy on this machine; without it (when you call this by hand) the bucket is a folder.
    series = read_column(data_file or os.path.join(data_bucket, curr_process_file), curr_process_column)
    data = clean(series)
    fit = fit_clear_sky(data, solver)
    # Both are matrices of hours by days, in the column's unit: their sums are energies, in this unit times hours.
    clear, measured = fit.estimated_clear_sky.sum(), data.filled_data_matrix.sum()
    return {
        "file": curr_process_file,
        "column": curr_process_column,
        "solver": solver,
        "first_day": str(data.day_index[0].date()),
        "days": data.num_days,
        # Days that the fit could see, and those that count in it since they look clear.
        "good_days": int(data.daily_flags.no_errors.sum()),
        "clear_days": int((fit.weights > 1e-3).sum()),
        "degradation_percent_per_year": round(100 * float(fit.deg_rate), 3),
        "measured_over_clear": round(float(measured / clear), 4),
        # Median and variance of what the fit leaves over on the days that count, relative to the power.
        "residuals_median": round(float(fit.residuals_median), 5),
        "residuals_variance": round(float(fit.residuals_variance), 5),
    }


def read_column(path, column):
    """One column as float, indexed by the first one: times without a UTC offset."""
    table = pd.read_csv(path, index_col=0, parse_dates=[0])
    # Whole numbers would be read as integers, among which there is no NaN to put in place of bad values.
    return table[[column]].astype(float)


def clean(series):
    """Fills gaps, straightens the clock, rates the days, then takes means of hours; raises when that cannot be done.

    In this order: a clock that is off by a quarter of an hour, or half a missing hour, does not show in hourly means.
    """
    data = DataHandler(series)
    data.run_pipeline(power_col=series.columns[0], fix_shifts=True, verbose=False)
    if data.daily_flags is None or data.clear_day_analysis is None or data.time_shifts is None:
        raise RuntimeError("the data could not be prepared: " + " ".join(data._error_msg.split()))
    if data.num_days < LEAST_DAYS:
        raise ValueError("a degradation rate needs %d days, there are %d" % (LEAST_DAYS, data.num_days))
    days = data.filled_data_matrix
    if len(days) % 24:
        raise ValueError("values every %s minutes do not make whole hours" % data.data_sampling)
    # A fit of hours takes seconds; of quarters of an hour minutes, for a rate that differs by less than its error.
    data.filled_data_matrix = days.reshape(24, -1, days.shape[1]).mean(axis=1)
    return data


def fit_clear_sky(data, solver):
    """The fit to the days of a DataHandler, weighted by how clear they are; raises when it did not converge."""
    weights = np.asarray(data.clear_day_analysis.weights, dtype=float)
    fit = WeightedFit(weights, data_handler_obj=data, rank_k=6, solver_type=solver)
    fit.execute(max_iteration=10, exit_criterion_epsilon=1e-3, verbose=False, **HYPERPARAMETERS)
    state = fit.state_data
    if state.is_solver_error or state.is_problem_status_error or not np.isfinite(fit.deg_rate):
        raise RuntimeError("the fit did not converge with " + solver)
    return fit


class WeightedFit(SCSF):
    """SCSF with the weights of days given.

    statistical-clear-sky 0.4 would ask a function of solar-data-tools that is there no longer; it then takes every
    day as equally clear, says so on the console at most, and the rate is that of the weather.
    """

    def __init__(self, weights, **options):
        self._given_weights = weights
        super().__init__(**options)

    def _get_weight_setting(self):
        return self

    def obtain_weights(self, _):
        return self._given_weights.copy()
