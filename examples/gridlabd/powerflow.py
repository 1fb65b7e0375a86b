"""Solves one GLM file, hour by hour, and writes what it found as JSON. A program: the engine's state is global.

    python powerflow.py FEEDER.glm RESULT.json
"""
import cmath
import json
import math
import operator
import os
import re
import sys
from datetime import datetime

import gridlabd

LINKS = ("overhead_line", "underground_line", "triplex_line", "transformer", "regulator", "switch", "fuse")
NODES = ("node", "load", "meter")
# Twelve digits instead of six: the balance of power is a difference of large numbers.
FORMATS = {"complex_format": "%+.12lg%+.12lg%c", "double_format": "%+.12lg"}
NUMBER = re.compile(r"([+-]?[\d.]+(?:e[+-]?\d+)?)(?:([+-]?[\d.]+(?:e[+-]?\d+)?)([dijr]))?")


class Feeder:
    """A loaded model. Values are asked for as text: the typed ones take an angle in degrees for an imaginary part."""

    def __init__(self, path):
        self.engine = gridlabd.DirectGridLabD()
        self.engine.enable_message_capture(True)
        self.must("be loaded", self.engine.load(path))
        for name, digits in FORMATS.items():
            self.engine.set_global(name, digits)
        self.must("be set up", self.engine.setup_after_load())
        self.nodes = self.names(NODES)
        self.links = self.names(LINKS)
        sources = [name for name in self.nodes if self.text(name, "bustype") == "SWING"]
        if not sources:
            raise ValueError("the model has no node with bustype SWING: nothing feeds it")
        self.feeding = [link for link in self.links if self.text(link, "from") in sources]

    def must(self, what, code):
        """Raises with what the engine said when its code is not success."""
        if code != gridlabd.GLDErrorCode.SUCCESS:
            said = [one["message"] for one in self.engine.get_messages() if one["type"] in ("ERROR", "FATAL")]
            raise RuntimeError("the model could not %s: %s" % (what, "; ".join(said)[:500] or "no reason given"))

    def names(self, classes):
        return [name for kind in classes for name in self.engine.get_objects_by_class(kind) or []]

    def text(self, name, attribute):
        code, value = self.engine.get_property(name, attribute)
        if code != gridlabd.GLDErrorCode.SUCCESS:
            raise ValueError("%s has no %s" % (name, attribute))
        return value.strip()

    def number(self, name, attribute):
        return parse(self.text(name, attribute))

    def step(self):
        """On to the next change; the time that the solution is for."""
        code, clock = self.engine.step()
        self.must("be solved", code)
        return moment(clock)

    def stop_time(self):
        return moment(self.engine.get_global("stoptime"))


def parse(text):
    """A value of the engine, in its unit: `+2330.7-1.37d V` (polar, degrees), `..r` (radians), `+787333+284975j VA`."""
    if "nan" in text or "inf" in text:
        # A solution, as far as the engine is concerned: no step fails.
        raise RuntimeError("the model could not be solved: the engine found %s" % text)
    found = NUMBER.match(text)
    if not found:
        raise ValueError("%r is no number" % text)
    first, second, kind = float(found[1]), float(found[2] or 0), found[3]
    if kind == "d":
        return cmath.rect(first, math.radians(second))
    return cmath.rect(first, second) if kind == "r" else complex(first, second)


def moment(text):
    return datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S")


def state(feeder):
    """The solution at one time: voltages in per unit by `node.phase`, powers in VA."""
    voltages, consumed = {}, 0
    for node in feeder.nodes:
        nominal = feeder.number(node, "nominal_voltage").real
        for phase in set("ABC") & set(feeder.text(node, "phases")):
            volts = feeder.number(node, "voltage_" + phase)
            voltages[node + "." + phase] = abs(volts) / nominal
    for load in feeder.names(("load",)):
        for phase in set("ABC") & set(feeder.text(load, "phases")):
            volts = feeder.number(load, "voltage_" + phase)
            ohms = feeder.number(load, "constant_impedance_" + phase)
            consumed += feeder.number(load, "constant_power_" + phase)
            consumed += abs(volts) ** 2 / ohms.conjugate() if ohms else 0
    return {
        "voltages": voltages,
        "loading": max((loading(feeder, name) for name in feeder.names(("transformer",))), default=None),
        "supply": sum(feeder.number(link, "power_in") for link in feeder.feeding),
        # Not power_losses: it adds up the phases' losses without their signs, and neighbouring wires exchange power.
        "losses": sum(feeder.number(link, "power_in") - feeder.number(link, "power_out") for link in feeder.links),
        "consumed": consumed,
    }


def loading(feeder, transformer):
    """Power through a transformer over its rating."""
    rating_kva = feeder.number(feeder.text(transformer, "configuration"), "power_rating").real
    return abs(feeder.number(transformer, "power_in")) / 1000 / rating_kva


def solve(path):
    """States from the first change after the start to the stop time, each with the hours for which it holds."""
    feeder = Feeder(path)
    stop = feeder.stop_time()
    now, states = feeder.step(), []
    if now >= stop:
        raise ValueError("the model is never solved between its starttime and its stoptime")
    while now < stop:
        found = state(feeder)
        then = feeder.step()
        states.append({"time": now, "hours": (min(then, stop) - now).total_seconds() / 3600, **found})
        now = then
    return states


def summary(states, low=0.95, high=1.05):
    """What a planner asks of a day: voltages in per unit and where, powers in kW, energies in kWh, violations."""
    by_value = operator.itemgetter(0)
    everywhere = [(value, where, one["time"]) for one in states for where, value in one["voltages"].items()]
    lowest, highest = min(everywhere, key=by_value), max(everywhere, key=by_value)
    peak = max(states, key=lambda one: abs(one["supply"]))
    supplied, lost = (sum(one[key].real * one["hours"] for one in states) / 1000 for key in ("supply", "losses"))
    loadings = [one["loading"] for one in states if one["loading"] is not None]
    outside = [sum(not low <= value <= high for value in one["voltages"].values()) for one in states]
    return {
        "nodes": len({where.rpartition(".")[0] for _, where, _ in everywhere}),
        "hours": sum(one["hours"] for one in states),
        "v_min_pu": round(lowest[0], 5), "v_min_at": lowest[1], "v_min_time": lowest[2].strftime("%H:%M"),
        "v_max_pu": round(highest[0], 5), "v_max_at": highest[1], "v_max_time": highest[2].strftime("%H:%M"),
        # Nodes' phases that are outside the limits at the worst time, and hours in which any is.
        "violations": max(outside),
        "violation_hours": sum(one["hours"] for one, count in zip(states, outside) if count),
        "peak_kW": round(peak["supply"].real / 1000, 3), "peak_kVA": round(abs(peak["supply"]) / 1000, 3),
        "peak_time": peak["time"].strftime("%H:%M"),
        "transformer_loading_percent": round(100 * max(loadings), 1) if loadings else None,
        "supply_kWh": round(supplied, 3), "losses_kWh": round(lost, 3),
        "losses_percent": round(100 * lost / supplied, 3) if supplied else None,
        # Supply minus losses minus what the loads draw, at its worst: how exactly the equations were solved.
        "balance_W": round(max(abs((one["supply"] - one["losses"] - one["consumed"]).real) for one in states), 6),
    }


if __name__ == "__main__":
    try:
        answer = {"row": summary(solve(sys.argv[1]))}
    except (ValueError, RuntimeError) as error:
        answer = {"error": str(error)}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answer, file)
    # Not sys.exit: the engine's own clearing up at the end of a process has nothing more to do for us.
    os._exit(0)
