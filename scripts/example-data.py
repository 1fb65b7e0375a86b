"""Make the examples' measured data again, cut out of the wheel of pvanalytics 0.2.2.

    pip download --no-deps pvanalytics==0.2.2
    pip install pandas pyarrow
    python scripts/example-data.py pvanalytics-0.2.2-py3-none-any.whl

The files are kept in the repository, so nobody needs this to run an example. It is here so that what was taken
from the source, and what was done to it (columns chosen and renamed, periods cut, values rounded),
can be checked: after a run, `git status` shows no change. The feeders of examples/gridlabd are not measured; they
have a script of their own beside them.
"""
import gzip
import hashlib
import io
import pathlib
import sys
import zipfile

import pandas as pd

WHEEL_SHA256 = "4e5022f60aecb5948148d0ca72ca7bf849e5468c78da572e1af17bf944cf44f6"
EXAMPLES = pathlib.Path(__file__).resolve().parent.parent / "examples"

SERF_EAST = "system_50_ac_power_2_full_DST.parquet"
SERF_EAST_2016 = "serf_east_15min_ac_power.csv"
SYSTEM_15 = "system_15_poa_irradiance.parquet"
AC_POWER_2 = {"ac_power_2": "AC Power 2(W)"}
AC_POWER = {"ac_power": "AC Power(W)"}
IRRADIANCE = {"poa_irradiance__484": "Irradiance(W/m2)"}

# (file to write, file in the wheel, first day, last day, {its column: our column}); None as first day: the whole file.
SLEEP = [
    ("serf_east_2012-01.csv", SERF_EAST, "2012-01-01", "2012-01-31", AC_POWER_2),
    ("serf_east_2012-04.csv", SERF_EAST, "2012-04-01", "2012-04-30", AC_POWER_2),
    ("serf_east_2012-07.csv", SERF_EAST, "2012-07-01", "2012-07-31", AC_POWER_2),
    ("serf_east_2012-10.csv", SERF_EAST, "2012-10-01", "2012-10-31", AC_POWER_2),
    ("serf_east_2016-07.csv", SERF_EAST_2016, "2016-07-01", "2016-07-31", AC_POWER),
    ("serf_east_2022-03-19.csv", "serf_east_1min_ac_power.csv", "2022-03-19", "2022-03-19",
     {"ac_power__752": "AC Power(W)"}),
    ("serf_west_2022-01.csv", "serf_west_15min.csv", None, None, {
        "ac_power__773": "AC Power(W)",
        "dc_power__772": "DC Power(W)",
        "poa_irradiance__771": "Irradiance(W/m2)",
        "ambient_temp__780": "Ambient Temperature(C)",
        "module_temp_1__781": "Module Temperature(C)",
    }),
    ("rsf2_2022-01.csv", "nrel_RSF_II.csv", None, None, {
        "inv2_ac_power_w__1047": "Inverter 2 AC Power(W)",
        "inv2_dc_power__1135": "Inverter 2 DC Power(W)",
        "poa_irradiance__1055": "Irradiance(W/m2)",
        "ambient_temp__1053": "Ambient Temperature(C)",
        "module_temp__1056": "Module Temperature(C)",
    }),
]
SOLARDATATOOLS = [
    ("serf_east_2011.csv.gz", SERF_EAST, "2011-04-15", "2011-12-31", AC_POWER_2),
    ("serf_east_2012.csv.gz", SERF_EAST, "2012-01-01", "2012-12-31", AC_POWER_2),
    ("serf_east_2013.csv.gz", SERF_EAST, "2013-01-01", "2013-12-31", AC_POWER_2),
    ("serf_east_2016.csv", SERF_EAST_2016, "2016-07-01", "2016-10-12", AC_POWER),
    ("system_15_2020.csv.gz", SYSTEM_15, "2020-01-01", "2020-12-31", IRRADIANCE),
    ("system_15_2021.csv.gz", SYSTEM_15, "2021-01-01", "2021-12-31", IRRADIANCE),
    ("system_15_2022.csv.gz", SYSTEM_15, "2022-01-01", "2022-12-31", IRRADIANCE),
]
STASTICCLEARSKY = [
    ("serf_east_2011-04_2013-12.csv.gz", SERF_EAST, "2011-04-15", "2013-12-31", AC_POWER_2),
    ("serf_east_2011-04_2013-04.csv.gz", SERF_EAST, "2011-04-15", "2013-04-14", AC_POWER_2),
    ("serf_east_2012-01_2013-12.csv.gz", SERF_EAST, "2012-01-01", "2013-12-31", AC_POWER_2),
    ("system_15_2020-01_2022-12.csv.gz", SYSTEM_15, "2020-01-01", "2022-12-31", IRRADIANCE),
    ("system_15_2021-01_2022-12.csv.gz", SYSTEM_15, "2021-01-01", "2022-12-31", IRRADIANCE),
]
# (example, its files, digits after the point)
SETS = [("sleep", SLEEP, 1), ("solardatatools", SOLARDATATOOLS, 0), ("stasticclearsky", STASTICCLEARSKY, 0)]


def read(wheel, name):
    """One file of the wheel, indexed by the recorder's clock: the UTC offset is cut off, never applied."""
    data = io.BytesIO(wheel.read("pvanalytics/data/" + name))
    table = pd.read_parquet(data) if name.endswith(".parquet") else pd.read_csv(data)
    stamps = table.pop(table.columns[0])
    if "/" in str(stamps.iloc[0]):
        clock = pd.to_datetime(stamps, format="%m/%d/%Y %H:%M")
    else:
        clock = pd.to_datetime(stamps.astype(str).str.slice(0, 19))
    return table.set_index(pd.DatetimeIndex(clock, name="Time"))


def write(path, text):
    """Compressed when the name says so. Left alone when it has the text already: compressors differ, texts do not."""
    packed = path.suffix == ".gz"
    if packed and path.exists() and gzip.decompress(path.read_bytes()) == text.encode():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0) if packed else text.encode())


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    content = pathlib.Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(content).hexdigest() != WHEEL_SHA256:
        sys.exit(sys.argv[1] + " is not the wheel of pvanalytics 0.2.2")
    wheel = zipfile.ZipFile(io.BytesIO(content))
    licence = wheel.read("pvanalytics-0.2.2.dist-info/LICENSE").replace(b"\r\n", b"\n")
    for example, files, digits in SETS:
        folder = EXAMPLES / example / "data"
        for target, source, first, last, columns in files:
            table = read(wheel, source)
            if first:
                table = table.loc[first:last]
            table = table[list(columns)].astype(float)
            # Adding zero turns -0.0, which rounding leaves behind, into 0.0. A missing value becomes an empty cell.
            table = (table.round(digits) + 0.0).rename(columns=columns)
            write(folder / target, table.to_csv(
                date_format="%Y-%m-%d %H:%M", float_format="%%.%df" % digits, lineterminator="\n"))
        (folder / "LICENSE").write_bytes(licence)


main()
