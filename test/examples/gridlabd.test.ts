import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../support/cli/project.ts';
import { committedPicture, Example, expectAsShown, type Row, readmeTable } from './example.ts';

const source = join(packageRoot, 'examples/gridlabd');
const feeder = (number: number): string => readFileSync(join(source, `data/feeder_0${number}.glm`), 'utf8');

/** Runs feeders in place of the example's own; each must succeed. */
async function rowsOf(feeders: Record<string, string>): Promise<Row[]> {
  await using example = await Example.copy('gridlabd');
  await example.emptyData();
  for (const [name, text] of Object.entries(feeders)) await example.write(`data/${name}.glm`, text);
  // Awaited here, since the folder is gone when this function is left.
  return await example.results();
}

/** The first feeder with all of its loads so many times as large. */
const heavier = (factor: number): string =>
  feeder(1).replace(/day\*(\d+)/g, (_, watts) => `day*${Number(watts) * factor}`);

const number = (row: Row | undefined, key: string): number => Number(row![key]);

test('it finds in its feeders what its README shows, and power is conserved', async () => {
  await using example = await Example.copy('gridlabd');
  const results = await example.results();
  expectAsShown(results, await readmeTable('gridlabd', 'v_min_pu'), {
    v_min_pu: 1e-4,
    v_max_pu: 1e-4,
    // Rounding, in the ninth digit of the power.
    balance_W: 0.01,
  });
  for (const row of results) {
    expect(number(row, 'hours')).toBe(24);
    expect(number(row, 'balance_W')).toBeLessThan(1e-8 * 1000 * number(row, 'peak_kW'));
    expect(number(row, 'v_min_pu')).toBeGreaterThan(0.9);
    expect(number(row, 'v_max_pu')).toBeLessThan(1.1);
    const outside = number(row, 'v_min_pu') < 0.95 || number(row, 'v_max_pu') > 1.05;
    expect(number(row, 'violations') > 0).toBe(outside);
  }
  expect(await example.picture()).toBe(await committedPicture('gridlabd'));
  // No column: an empty cell in the log.
  expect((await example.table('logs.csv')).map((log) => log.column_name)).toEqual(results.map(() => ''));
});

test('one line and one load: voltage and losses are those of a sheet of paper', async () => {
  // Three equal resistances of 20 Ω a phase behind 1000 ft of line; wires of 0.3 Ω/mile at the same distances, no neutral.
  const plain = `clock { timezone UTC0; starttime '2024-06-30 23:00:00'; stoptime '2024-07-02 00:00:00'; }
module powerflow { solver_method NR; default_maximum_voltage_error 1e-9; }
schedule shifts { * 0-11 * * * 1; * 12-23 * * * 2; }
object overhead_line_conductor { name wire; geometric_mean_radius 0.0244; resistance 0.3; }
object line_spacing { name poles; distance_AB 4.0; distance_BC 4.0; distance_AC 4.0; }
object line_configuration { name overhead; conductor_A wire; conductor_B wire; conductor_C wire; spacing poles; }
object node { name source; bustype SWING; phases ABC; nominal_voltage 2400;
  voltage_A 2400; voltage_B -1200-2078.461j; voltage_C -1200+2078.461j; }
object overhead_line { name l1; phases ABC; from source; to end; length 1000 ft; configuration overhead; }
object load { name end; phases ABC; nominal_voltage 2400;
  constant_impedance_A 20; constant_impedance_B 20; constant_impedance_C 20; }
`;
  const [row] = await rowsOf({ plain });
  const miles = 1000 / 5280;
  // Carson's equations for 60 Hz; with equal distances each phase sees its own impedance less that to a neighbour.
  const ohms = { real: 0.3 * miles, imaginary: 0.12134 * Math.log(4 / 0.0244) * miles };
  const amperes = 2400 / Math.hypot(20 + ohms.real, ohms.imaginary);
  expect(number(row, 'v_min_pu')).toBeCloseTo((amperes * 20) / 2400, 4);
  // The few solutions of a day on which little changes count for the time up to the next.
  expect(number(row, 'hours')).toBe(24);
  const hours = 24;
  const losses = (3 * amperes ** 2 * ohms.real * hours) / 1000;
  expect(number(row, 'losses_kWh') / losses).toBeCloseTo(1, 3);
  expect(number(row, 'supply_kWh') / ((3 * amperes ** 2 * (20 + ohms.real) * hours) / 1000)).toBeCloseTo(
    1,
    3,
  );
});

test('a feeder that is loaded more has lower voltages, higher losses, and violations', async () => {
  const [once, twice, thrice] = await rowsOf({ a: heavier(1), b: heavier(2), c: heavier(3) });
  expect(number(once, 'violations')).toBe(0);
  expect(number(thrice, 'violations')).toBeGreaterThan(number(twice, 'violations'));
  expect(number(thrice, 'violation_hours')).toBeGreaterThan(0);
  expect(number(twice, 'v_min_pu')).toBeLessThan(number(once, 'v_min_pu'));
  expect(number(thrice, 'v_min_pu')).toBeLessThan(0.95);
  // Losses grow with the square of the current.
  expect(number(twice, 'losses_kWh') / number(once, 'losses_kWh')).toBeGreaterThan(4);
  expect(number(thrice, 'transformer_loading_percent')).toBeGreaterThan(100);
});

test('a feeder that cannot be solved, and one that cannot be read, are failures that say so', async () => {
  await using example = await Example.copy('gridlabd');
  await example.emptyData();
  await example.write('data/a_good.glm', feeder(2));
  await example.write('data/b_collapsed.glm', heavier(20));
  // So much that the engine no longer notices: it ends with voltages that are no numbers, and calls that success.
  await example.write('data/b_crushed.glm', heavier(100));
  await example.write('data/c_odd.glm', feeder(1).replace('object load ', 'object toad '));
  await example.write('data/d_dead.glm', feeder(1).replace('bustype SWING; ', ''));
  expect((await example.start()).code).toBe(1);
  const errors = await example.table('error.csv');
  expect(errors.map(({ file_name, message }) => [file_name, message])).toEqual([
    ['b_collapsed.glm', expect.stringMatching(/could not be solved: .*convergence/)],
    ['b_crushed.glm', expect.stringMatching(/could not be solved: .*nan/)],
    ['c_odd.glm', expect.stringMatching(/could not be loaded/)],
    ['d_dead.glm', expect.stringMatching(/no node with bustype SWING/)],
  ]);
  expect(errors[2]!.output).toMatch(/class 'toad' is not known/);
  expect((await example.table('results.csv')).map(({ file }) => file)).toEqual(['a_good.glm']);
});

test('the feeders are those that make_feeders.py makes', async () => {
  await using example = await Example.copy('gridlabd');
  await example.emptyData();
  const made = spawnSync('python3', ['-B', 'make_feeders.py', 'data', '8'], { cwd: example.folder });
  expect(made.status).toBe(0);
  const files = readdirSync(join(source, 'data')).filter((name) => name.endsWith('.glm'));
  expect(readdirSync(join(example.folder, 'data'))).toEqual(files);
  for (const file of files)
    expect(readFileSync(join(example.folder, 'data', file), 'utf8')).toBe(
      readFileSync(join(source, 'data', file), 'utf8'),
    );
});
