"""The smallest project that leaves something to look at: sleep a while, then describe one column of one file.

The sleep stands in for a computation that takes its time. Put your own in its place.
"""
import csv
import os
import time
from collections import Counter
from datetime import datetime


def seconds_to_sleep(text):
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise ValueError("SLEEP_SECONDS (under env: in config.yaml) should be from 0 to 3600, not %r" % text)
    return seconds


# Settings are read here, once a worker, so that a wrong one stops the run at its start and not in every task.
SLEEP_SECONDS = seconds_to_sleep(os.environ.get("SLEEP_SECONDS", "0.5"))


def entrypoint(data_bucket, curr_process_file, curr_process_column, data_file=None, output_dir=None, **_):
    """Called once for each column of each file; the dict it returns is one row of results.csv.

    What it writes to output_dir is kept, too: results/files/<file>/<column>/power.svg, which report.html shows.
    """
    time.sleep(SLEEP_SECONDS)
    # data_file is the worker's copy on this machine; without it (when you call this by hand) the bucket is a folder.
    times, power = read_column(data_file or os.path.join(data_bucket, curr_process_file), curr_process_column)
    measured = [p for p in power if p is not None]
    if len(measured) < 2:
        raise ValueError("%s has fewer than two values in column %s" % (curr_process_file, curr_process_column))
    if output_dir:
        with open(os.path.join(output_dir, "power.svg"), "w", encoding="utf-8") as figure:
            figure.write(drawing(power, "%s to %s" % (times[0], times[-1])))
    interval = most_common_interval(times)
    mean, highest = sum(measured) / len(measured), max(measured)
    return {
        "file": curr_process_file,
        "column": curr_process_column,
        "first_time": times[0],
        "last_time": times[-1],
        "interval_min": interval / 60,
        "samples": len(measured),
        "missing": len(power) - len(measured),
        "power_mean_W": round(mean, 1),
        "power_max_W": highest,
        "time_of_max": times[power.index(highest)],
        # Mean over maximum: a capacity factor with the best moment of the period in place of the nameplate.
        "mean_over_max": round(mean / highest, 3) if highest > 0 else None,
        # Each sample holds for one interval. What was produced while nothing was recorded is not guessed.
        "energy_kWh": round(sum(measured) * interval / 3600 / 1000, 2),
    }


def read_column(path, column):
    """Times (first column) and values of one column; an empty cell is None."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.reader(file)
        where = next(rows).index(column)
        cells = [(row[0], row[where].strip()) for row in rows if row]
    return [stamp for stamp, _ in cells], [float(text) if text else None for _, text in cells]


def drawing(power, title, width=480, height=160):
    """The curve as SVG: of each pixel's samples the highest. With matplotlib, savefig would stand here."""
    step = max(1, len(power) // width)
    tops = [max((p for p in power[at : at + step] if p is not None), default=None) for at in range(0, len(power), step)]
    highest = max([top for top in tops if top is not None] + [1.0])
    points, pieces = [], []
    for place, top in enumerate(tops + [None]):
        if top is not None:
            x, y = place * width / len(tops), height - max(0.0, top) / highest * (height - 24)
            points.append("%.1f,%.1f" % (x, y))
        elif points:
            # Where nothing was recorded, nothing is drawn.
            pieces.append('<polyline points="%s" fill="none" stroke="#0b6e99"/>' % " ".join(points))
            points = []
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">\n'
        '<text x="4" y="14">%s, up to %.0f W</text>\n%s\n</svg>\n' % (width, height, title, highest, "\n".join(pieces))
    )


def most_common_interval(times):
    """Seconds from one row to the next; taking the most common step, a gap in the file does no harm."""
    clock = [datetime.fromisoformat(stamp) for stamp in times]
    steps = Counter((after - before).total_seconds() for before, after in zip(clock, clock[1:]))
    return steps.most_common(1)[0][0]
