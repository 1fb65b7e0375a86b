"""Writes tables of PV power of which everything is known, to see whether an analysis finds it.

    python3 synthetic_pv.py FOLDER < SPECIFICATION.json

The specification: {file: {column: {parameter: value}}}. The parameters, with their defaults, are those of `power`.
"""
import csv
import json
import math
import os
import random
import sys
from datetime import datetime, timedelta

LATITUDE, TILT = math.radians(39.7), math.radians(30)  # facing south
START, STEP_MIN = datetime(2019, 1, 1), 15


def clear_irradiance(day, minute):
    """W/m² in the plane of the modules under a clear sky, by the place of the sun; sun time, no equation of time."""
    hour_angle = math.radians(15) * (minute / 60 - 12)
    declination = math.radians(23.45) * math.sin(2 * math.pi * (284 + day % 365.25) / 365.25)

    def height_at(latitude):
        return (math.sin(latitude) * math.sin(declination)
                + math.cos(latitude) * math.cos(declination) * math.cos(hour_angle))

    height = height_at(LATITUDE)
    if height <= 0.01:
        return 0.0
    direct = 1353 * 0.7 ** (height ** -0.678)
    # A plane tilted to the south sees the sun as a flat one does so much nearer to the equator.
    return direct * max(height_at(LATITUDE - TILT), 0) + 0.1 * direct + 30 * height


def clouds(draw):
    """Day after day, the share of light that comes through at each step: clear, broken or overcast, often as before."""
    stays = [[.62, .25, .13], [.40, .35, .25], [.30, .35, .35]]
    # Passing clouds: a random walk that forgets within half an hour.
    memory, kind = math.exp(-STEP_MIN / 30), 0
    while True:
        kind = draw.choices(range(3), stays[kind])[0]
        passing, through = draw.gauss(0, 1), []
        for _ in range(1440 // STEP_MIN):
            through.append((1 - 0.004 * abs(passing), 0.4 if passing > 0.2 else 1.0,
                            min(max(0.3 + 0.12 * passing, 0.05), 0.7))[kind])
            passing = memory * passing + math.sqrt(1 - memory ** 2) * draw.gauss(0, 1)
        yield through


def power(days=365, seed=1, watts=5000, rate_percent_per_year=0, clip_watts=math.inf, shift=None, drop=None):
    """Values in W. watts: at 1000 W/m². shift: [first day, last day, hours] of a wrong clock. drop: [day, factor]."""
    draw, values = random.Random(seed), []
    for day, through in zip(range(days), clouds(draw)):
        size = watts * (drop[1] if drop and day >= drop[0] else 1)
        for step, share in enumerate(through):
            years = (day + step * STEP_MIN / 1440) / 365.25
            wrong_min = shift[2] * 60 if shift and shift[0] <= day < shift[1] else 0
            light = clear_irradiance(day, step * STEP_MIN - wrong_min) * share
            value = size * light / 1000 * (1 + rate_percent_per_year / 100) ** years * draw.gauss(1, 0.004)
            values.append(min(value, clip_watts))
    return values


def write(path, columns):
    table = {name: power(**known) for name, known in columns.items()}
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Time", *table])
        for index, values in enumerate(zip(*table.values())):
            time = START + timedelta(minutes=index * STEP_MIN)
            rows.writerow([time.strftime("%Y-%m-%d %H:%M"), *("%.1f" % value for value in values)])


if __name__ == "__main__":
    for name, columns in json.load(sys.stdin).items():
        write(os.path.join(sys.argv[1], name), columns)
