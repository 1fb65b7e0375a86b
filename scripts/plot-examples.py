"""Draws docs/images/*.svg, the pictures of docs/examples.md, from the results of the examples.

    for e in sleep solardatatools stasticclearsky gridlabd; do npx gcd-sfn start --project examples/$e --yes; done
    python3 scripts/plot-examples.py

Those examples that have no results keep their pictures; a line says so. For one table and one picture elsewhere:

    python3 scripts/plot-examples.py gridlabd results.csv picture.svg
"""
import csv
import pathlib
import sys
from datetime import date, timedelta

from example_svg import BLUE, GREEN, GREY, INK, ORANGE, PALE, RED, Picture, Scale

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WIDTH = 820


def sleep(rows):
    """Bars: the energy of each column."""
    top, step = 80, 34
    picture = Picture(WIDTH, top + step * len(rows) + 40, "sleep: energy in each column",
                      "kWh in the period of the file, as far as it was recorded")
    x = Scale(0, max(float(row["energy_kWh"]) for row in rows), 380, WIDTH - 90)
    for index, row in enumerate(rows):
        y, energy = top + step * index, float(row["energy_kWh"])
        picture.text(370, y + 17, "%s, %s" % (row["file"].replace(".csv", ""), row["column"].replace("(W)", "")),
                     anchor="end")
        picture.rectangle(x(0), y + 2, x(energy) - x(0), step - 12, BLUE, 2)
        picture.text(x(energy) + 8, y + 17, "%.0f" % energy, colour=GREY)
    picture.line(x(0), top - 6, x(0), top + step * len(rows), INK)
    picture.text(20, picture.height - 16, "%d tasks, each half a second of sleep" % len(rows), colour=GREY)
    return picture


def solardatatools(rows):
    """Dots: shares of days, and the changes of the clock in words."""
    top, step = 118, 40
    picture = Picture(WIDTH, top + step * len(rows) + 44, "solardatatools: what kind of days a series has",
                      "percent of the days; at the right, when the recorder's clock jumped")
    x = Scale(0, 100, 190, 590)
    shares = [("quality_percent", GREEN, "without faults"), ("clear_days_percent", ORANGE, "clear"),
              ("clipped_days_percent", RED, "look clipped")]
    picture.legend(x(0), 86, [(colour, words) for _, colour, words in shares])
    bottom = top + step * len(rows)
    for percent in range(0, 101, 20):
        picture.line(x(percent), top - 12, x(percent), bottom)
        picture.text(x(percent), bottom + 20, "%d %%" % percent, colour=GREY, anchor="middle")
    for index, row in enumerate(rows):
        y = top + step * index + 14
        picture.text(176, y, row["file"].partition(".")[0].replace("_", " "), anchor="end")
        picture.text(176, y + 15, row["column"], size=10, colour=GREY, anchor="end")
        values = [float(row[name]) for name, _, _ in shares]
        picture.line(x(min(values)), y, x(max(values)), y, GREY)
        for value, (_, colour, _) in zip(values, shares):
            picture.dot(x(value), y, colour)
        for line, change in enumerate(filter(None, row["clock_changes"].split(", "))):
            picture.text(614, y + 16 * line, change.replace("-1 h", "\u22121 h"), colour=INK)
    return picture


def stasticclearsky(rows):
    """Bars over the years that a rate is from, at the height of the rate."""
    picture = Picture(WIDTH, 446, "stasticclearsky: the same series, other years, another rate",
                      "change of the power under a clear sky, percent a year, over the years that it was found in")
    top, bottom = 110, 380
    y = Scale(2, -2, top, bottom)
    picture.legend(20, 84, [(BLUE, "inverter (SERF East)"), (ORANGE, "irradiance sensor (system 15)")])
    for rate in (-2, -1, 0, 1, 2):
        for start, end in ((70, 415), (465, 810)):
            picture.line(start, y(rate), end, y(rate), INK if rate == 0 else PALE)
        picture.text(60, y(rate) + 4, ("%+d %%" % rate).replace("-", "\u2212") if rate else "0", colour=GREY,
                     anchor="end")
    # Two spans of years, since there is nothing in between.
    spans = {"serf": Scale(2011, 2014, 90, 395), "syst": Scale(2020, 2023, 485, 790)}
    for scale, years in zip(spans.values(), ((2011, 2014), (2020, 2023))):
        for year in range(years[0], years[1] + 1):
            picture.line(scale(year), bottom, scale(year), bottom + 6, GREY)
            picture.text(scale(year), bottom + 22, str(year), colour=GREY, anchor="middle")
    picture.text(20, 431, "Shaded: 0.2 % a year up and down, within which the rate of made-up data is found.",
                 size=11, colour=GREY)
    for row in rows:
        colour = BLUE if row["file"].startswith("serf") else ORANGE
        x, rate = spans[row["file"][:4]], float(row["degradation_percent_per_year"])
        first = date.fromisoformat(row["first_day"])
        start, end = (x(day.year + day.timetuple().tm_yday / 365.25)
                      for day in (first, first + timedelta(days=int(row["days"]))))
        picture.rectangle(start, y(rate + 0.2), end - start, y(rate - 0.2) - y(rate + 0.2),
                          "#ddf4ff" if colour == BLUE else "#fff1d6")
        picture.line(start, y(rate), end, y(rate), colour, 4)
        picture.text((start + end) / 2, y(rate) - 8, ("%+.1f" % rate).replace("-", "\u2212"), colour=colour,
                     anchor="middle", weight="bold")
    return picture


def gridlabd(rows):
    """Bars from the lowest to the highest voltage of each feeder, and the limits."""
    picture = Picture(WIDTH, 442, "gridlabd: a day's voltages on eight feeders",
                      "from the lowest to the highest of all nodes, phases and hours, over the nominal voltage")
    top, bottom = 84, 350
    values = [float(row[key]) for row in rows for key in ("v_min_pu", "v_max_pu")]
    y = Scale(max(values + [1.08]) + 0.01, min(values + [0.9]) - 0.01, top, bottom)
    x = Scale(0, len(rows), 90, WIDTH - 70)
    for percent in (90, 95, 100, 105):
        limit = percent in (95, 105)
        picture.line(90, y(percent / 100), WIDTH - 70, y(percent / 100), RED if limit else PALE, 1,
                     "5 4" if limit else None)
        picture.text(80, y(percent / 100) + 4, "%.2f" % (percent / 100), colour=GREY, anchor="end")
        if limit:
            picture.text(WIDTH - 64, y(percent / 100) + 4, "limit", colour=RED)
    picture.text(80, bottom + 44, "losses", colour=GREY, anchor="end")
    for index, row in enumerate(rows):
        middle, low, high = x(index + 0.5), float(row["v_min_pu"]), float(row["v_max_pu"])
        colour = RED if int(row["violations"]) else BLUE
        picture.rectangle(middle - 14, y(high), 28, y(low) - y(high), colour, 3)
        picture.text(middle, bottom + 22, row["file"].replace("_", " ").replace(".glm", ""), anchor="middle")
        picture.text(middle, bottom + 44, "%.1f %%" % float(row["losses_percent"]), colour=GREY, anchor="middle")
    picture.text(20, 427, "Red: outside the limits at some hour; 6 for a load too far away, 8 for capacitors.",
                 size=11, colour=GREY)
    return picture


DRAWN = {draw.__name__: draw for draw in (sleep, solardatatools, stasticclearsky, gridlabd)}


def picture_of(example, table):
    with open(table, newline="", encoding="utf-8") as file:
        return str(DRAWN[example](list(csv.DictReader(file))))


def main():
    IMAGES.mkdir(exist_ok=True)
    for example in DRAWN:
        table = ROOT / "examples" / example / "results" / "results.csv"
        if table.exists():
            (IMAGES / (example + ".svg")).write_text(picture_of(example, table), encoding="utf-8")
        else:
            print("%s has no results yet; its picture is left as it is" % example)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    elif len(sys.argv) == 4 and sys.argv[1] in DRAWN:
        pathlib.Path(sys.argv[3]).write_text(picture_of(*sys.argv[1:3]), encoding="utf-8")
    else:
        sys.exit(__doc__)
