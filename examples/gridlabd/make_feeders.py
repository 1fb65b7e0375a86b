"""Makes the feeders in data/: radial distribution networks of 4.16 kV with a day of loads, in GridLAB-D's language.

    python make_feeders.py data 8

writes feeder_01.glm and so on. A feeder is drawn by its number: the same number gives the same text everywhere.
"""
import math
import pathlib
import random
import sys

# Volts from phase to neutral, before and after the substation.
HIGH_V, LOW_V = 12470 / math.sqrt(3), 4160 / math.sqrt(3)
PHASES = "ABC"

# Share of the evening's peak that is drawn in each hour of the day.
HOURS = [.46, .42, .40, .39, .41, .49, .61, .71, .73, .70, .69, .71,
         .74, .76, .78, .82, .91, 1.0, .98, .94, .87, .76, .63, .53]

# It starts an hour before the day does: the first solution is that of the next change of a load, at 0:00.
HEAD = """// {title}
clock {{
  timezone UTC0;
  starttime '2024-06-30 23:00:00 UTC';
  stoptime '2024-07-02 00:00:00 UTC';
}}
module powerflow {{ solver_method NR; default_maximum_voltage_error 1e-9; }}
schedule day {{
{hours}
}}
object overhead_line_conductor {{ name wire; geometric_mean_radius 0.0244; resistance 0.306;
  rating.summer.continuous 530; rating.summer.emergency 600; }}
object overhead_line_conductor {{ name neutral; geometric_mean_radius 0.00814; resistance 0.592; }}
object line_spacing {{ name poles; distance_AB 2.5; distance_BC 4.5; distance_AC 7.0;
  distance_AN 5.656854; distance_BN 5.0; distance_CN 4.272002; }}
object line_configuration {{ name overhead; conductor_A wire; conductor_B wire; conductor_C wire; conductor_N neutral;
  spacing poles; }}
object transformer_configuration {{ name bank; connect_type WYE_WYE; install_type PADMOUNT; power_rating {kva};
  primary_voltage 12470; secondary_voltage 4160; resistance 0.01; reactance 0.06; }}
object node {{ name source; bustype SWING; phases ABCN; nominal_voltage {high:.3f};
{source} }}
object transformer {{ name substation; phases ABCN; from source; to n0; configuration bank; }}
object node {{ name n0; phases ABCN; nominal_voltage {low:.3f}; }}
"""


def feeder(number):
    """Text of one feeder. Longer and heavier from the first to the eighth, then again; every fourth has capacitors."""
    draw = random.Random(number)
    nodes = 9 + 3 * ((number - 1) % 8)
    # Watts a phase at the peak. The sum grows with the number of nodes, and so does the way that it has to go.
    loads = [[draw.uniform(10e3, 45e3) for _ in PHASES] for _ in range(nodes)]
    total = sum(map(sum, loads))
    # The bank is chosen as a planner would: the next size up, with a tenth to spare.
    kva = next(size for size in (750, 1000, 1500, 2000, 2500, 3750) if size >= 1.1 * total / 0.93 / 1000)
    parts = [HEAD.format(
        title="feeder %d: %d loads, %.0f kW at the peak" % (number, nodes, total / 1000), kva=kva,
        high=HIGH_V, low=LOW_V, hours="\n".join("  * %d * * * %.2f;" % hour for hour in enumerate(HOURS)),
        source="\n".join("  voltage_%s %+.3f%+.3fj;" % (phase, HIGH_V * math.cos(angle), HIGH_V * math.sin(angle))
                         for phase, angle in zip(PHASES, (0, -2 * math.pi / 3, 2 * math.pi / 3))))]
    for index, watts in enumerate(loads, 1):
        # Mostly one long line, with a branch now and then.
        parent = max(0, index - draw.choice((1, 1, 1, 2, 4)))
        parts.append(load(index, watts, draw) + line(parent, index, draw.randint(150, 600)))
    if number % 4 == 0:
        parts.append(capacitor(nodes, 0.55 * total / 3))
    return "\n".join(parts)


def load(index, watts, draw):
    """A load whose power follows the day: mostly constant power, a quarter of it like a resistor."""
    text = ["object load { name n%d; phases ABCN; nominal_voltage %.3f;" % (index, LOW_V)]
    for phase, peak in zip(PHASES, watts):
        factor = draw.uniform(.90, .98)
        text.append("  base_power_{0} day*{1:.0f}; power_fraction_{0} 0.75; power_pf_{0} {2:.3f};"
                    " impedance_fraction_{0} 0.25; impedance_pf_{0} {2:.3f};".format(phase, peak, factor))
    return "\n".join(text) + " }\n"


def line(start, end, feet):
    return ("object overhead_line {{ name l{1}; phases ABCN; from n{0}; to n{1}; length {2} ft;"
            " configuration overhead; }}\n".format(start, end, feet))


def capacitor(node, var):
    """A bank of so many var a phase at a node, never switched off: at night it lifts the voltage."""
    bank = "".join(" capacitor_{0} {1:.0f} VAr; switch{0} CLOSED;".format(phase, var) for phase in PHASES)
    return ("object capacitor {{ name bank1; parent n{0}; phases ABCN; phases_connected ABCN; control MANUAL;"
            " nominal_voltage {1:.3f};{2} }}\n".format(node, LOW_V, bank))


def main(folder, count):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        (folder / ("feeder_%02d.glm" % number)).write_bytes(feeder(number).encode())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]))
