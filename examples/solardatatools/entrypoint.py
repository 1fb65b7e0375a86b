"""What solar-data-tools finds out about one column of one file of measurements, without knowing the site.

How large the system is, how good and how sunny its days are, whether its inverter clips, whether its clock jumps.
"""
import os
import re
import warnings

from solvers import choose_solver  # before solardatatools: it hints a function of cvxpy

import numpy as np
import pandas as pd
from solardatatools import DataHandler

# Means of days without a value, on purpose; a line for each would fill the output of every task.
warnings.filterwarnings("ignore", category=RuntimeWarning)


def entrypoint(data_bucket, curr_process_file, curr_process_column, data_file=None, table=None, solver_name=None,
               solver_file=None, **_):
    """Called once for each column of each file; the dict it returns is one row of results.csv."""
    solver = choose_solver(solver_name, solver_file)
    # data_file is the worker's copy on this machine; without it (when you call this by hand) the bucket is a folder.
    series = read_column(data_file or os.path.join(data_bucket, curr_process_file), curr_process_column, table or {})
    data = analyse(series, solver)
    clipping = data.clipping_analysis
    levels = clipping.point_mass_locations * clipping.max_value if data.inverter_clipping else []
    return {
        "file": curr_process_file,
        "column": curr_process_column,
        "solver": solver,
        "first_day": str(data.day_index[0].date()),
        "days": data.num_days,
        "sampling_min": data.data_sampling,
        # In the column's own unit. Its 95th percentile, nights included: below the nameplate, but steady.
        "capacity": round(float(data.capacity_estimate), 1),
        "unit": unit_of(curr_process_column),
        "quality_percent": round(100 * float(data.data_quality_score), 1),
        "clear_days_percent": round(100 * float(data.data_clearness_score), 1),
        "clipping": bool(data.inverter_clipping),
        "clip_levels": [round(float(level), 1) for level in levels],
        "clipped_days_percent": round(100 * float(np.mean(data.daily_flags.inverter_clipped)), 1),
        "capacity_changes": bool(data.capacity_changes),
        "clock_changes": clock_changes(data),
        "time_zone_correction_h": int(data.tz_correction),
    }


def read_column(path, column, table):
    """One column as float, indexed by the first one: times without a UTC offset.

    `table` says where names and data begin in the file, and how numbers are written there: files of loggers differ in that.
    """
    frame = pd.read_csv(path, **table)
    times = frame.columns[0]
    frame = frame.set_index(pd.DatetimeIndex(frame.pop(times), name=times))
    # Whole numbers would be read as integers, among which there is no NaN to put in place of bad values.
    return frame[[column]].astype(float)


def analyse(series, solver):
    """Runs the whole pipeline over a table of one column; raises when a part of it did not come to an end."""
    data = DataHandler(series)
    data.run_pipeline(power_col=series.columns[0], fix_shifts=True, verbose=False, solver=solver, solver_convex=solver)
    # The pipeline notes what went wrong and goes on; what is missing then would look like a finding.
    missing = [name for name in ("daily_flags", "data_quality_score", "data_clearness_score", "inverter_clipping",
                                 "capacity_changes", "time_shifts") if getattr(data, name) is None]
    if missing:
        said = " ".join(data._error_msg.split()) or "nothing was said about why"
        raise RuntimeError("solar-data-tools found no %s: %s" % (", ".join(missing), said))
    return data


def clock_changes(data):
    """Days on which the recorder's clock jumped, and by how many hours: 2012-03-11 +1 h for summer time."""
    correction_min = data.time_shift_analysis.correction_estimate
    jumps_h = -np.diff(correction_min) / 60
    return ", ".join("%s %+g h" % (data.day_index[day + 1].date(), jumps_h[day]) for day in np.flatnonzero(jumps_h))


def unit_of(column):
    """W of `AC Power(W)`; None when the name has no unit."""
    found = re.search(r"\(([^()]+)\)\s*$", column)
    return found and found[1]
