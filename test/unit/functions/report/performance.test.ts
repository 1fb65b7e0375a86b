import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RepetitionSummary } from '../../../../core/run-store/status/summary.ts';
import { performanceTable } from '../../../../functions/report/text/performance.ts';
import { nothingEnded, repetition, run, worker } from './runs.ts';

test('one repetition', () => {
  expect(performanceTable(run([repetition()]))).toBe(`\
Run brave-lions-12 of sleep, requested at 2023-11-14 22:13:20 UTC

Total tasks                                             4
Average task duration                              1.88 s
Min task duration                                  250 ms
  a.csv, Power
Max task duration                                   3.2 s
  b.csv
Number of error tasks                                   1
  exception                                             1
Number of unfinished tasks                              0
Process tasks duration (in parallel) - real data      4 s
Process tasks duration (in serial) - estimation     7.5 s
Efficiency improvement                             46.7 %
Initialize services duration                          5 s
Total process duration                              9.5 s
Number of nodes                                         1
Number of workers                                       2
Worker utilisation                                 93.8 %
Lower bound of the parallel duration               3.75 s
Parallel duration / lower bound                      1.07
`);
});

test('three repetitions, with mean and standard deviation', () => {
  const repetitions = [1, 2, 3].map((number) =>
    repetition({
      repetition: number,
      parallelSeconds: 3 + number,
      shortest: null,
      longest: null,
      errors: {},
      failed: 0,
    }),
  );
  expect(performanceTable(run(repetitions))).toBe(`\
Run brave-lions-12 of sleep, requested at 2023-11-14 22:13:20 UTC

Repetition                                             #1       #2       #3     mean   std. dev.
Total tasks                                             4        4        4        4           0
Average task duration                              1.88 s   1.88 s   1.88 s   1.88 s         0 s
Min task duration                                       -        -        -        -           -
Max task duration                                       -        -        -        -           -
Number of error tasks                                   0        0        0        0           0
Number of unfinished tasks                              0        0        0        0           0
Process tasks duration (in parallel) - real data      4 s      5 s      6 s      5 s         1 s
Process tasks duration (in serial) - estimation     7.5 s    7.5 s    7.5 s    7.5 s         0 s
Efficiency improvement                             46.7 %   33.3 %   20.0 %   33.3 %      13.3 %
Number of nodes                                         1        1        1        1           0
Number of workers                                       2        2        2        2           0
Worker utilisation                                 93.8 %   75.0 %   62.5 %   77.1 %      15.7 %
Lower bound of the parallel duration               3.75 s   3.75 s   3.75 s   3.75 s         0 s
Parallel duration / lower bound                      1.07     1.33     1.60     1.33        0.27

Whole run
Initialize services duration                          5 s
Total process duration                              9.5 s
`);
});

test('nothing ended: no figure is made up', () => {
  const table = performanceTable(run([repetition(nothingEnded)]));
  expect(table).toMatch(/^Average task duration +-$/m);
  expect(table).toMatch(/^Number of unfinished tasks +4$/m);
  expect(table).toMatch(/^Efficiency improvement +-$/m);
  expect(table).toMatch(/^Worker utilisation +-$/m);
});

test('all failed: a line for each class that occurred, in a fixed order', () => {
  const errors = { crash: 1, exception: 2, 'out-of-memory': 1 };
  const table = performanceTable(run([repetition({ succeeded: 0, failed: 4, errors })]));
  expect(table).toMatch(/Number of error tasks +4\n {2}exception +2\n {2}crash +1\n {2}out-of-memory +1\n/);
});

test('a name with newlines, colours and 10,000 characters takes one line of at most 80 columns', () => {
  const file = `evil\n\u001b[31m\u202e${'長い名前'.repeat(2500)}.csv`;
  const table = performanceTable(run([repetition({ longest: { seconds: 1, file, column: 'x\ty' } })]));
  const line = table.split('\n').find((text) => text.includes('evil'))!;
  expect(line).toMatch(/^ {2}evil\\n\\u\{1b\}\[31m\\u\{202e\}長い.*…/);
  expect(line).toMatch(/\.csv, x\\ty$/);
  expect(line.length).toBeLessThan(80);
});

test('no input prints NaN, Infinity, undefined or an exponent', () => {
  const seconds = fc.oneof(
    fc.constant(0),
    fc.double({ min: 0, noNaN: true }),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
  );
  const named = fc.record({ seconds, file: fc.string({ unit: 'binary' }), column: fc.option(fc.string()) });
  const summary: fc.Arbitrary<RepetitionSummary> = fc.record({
    repetition: fc.nat(),
    tasks: fc.nat(),
    succeeded: fc.nat(),
    failed: fc.nat(),
    unfinished: fc.nat(),
    firstStart: fc.option(seconds),
    lastEnd: fc.option(seconds),
    parallelSeconds: seconds,
    serialSeconds: seconds,
    meanSeconds: fc.option(seconds),
    shortest: fc.option(named),
    longest: fc.option(named),
    errors: fc.record({ exception: fc.nat(), timeout: fc.nat() }, { requiredKeys: [] }),
    workers: fc.array(seconds.map((busySeconds) => worker('w', 'n', { busySeconds }))),
  });
  fc.assert(
    fc.property(
      fc.array(summary, { maxLength: 4 }),
      seconds,
      seconds,
      (repetitions, initializeSeconds, totalSeconds) => {
        const table = performanceTable(run(repetitions, { initializeSeconds, totalSeconds }));
        // Names may hold any text: they stand on lines of their own.
        const figures = table.split('\n').filter((line) => !/^ {2}(?!exception|timeout)/.test(line));
        expect(figures.join('\n')).not.toMatch(/NaN|Infinity|undefined|null|\de[+-]?\d/);
        expect(Math.max(...(repetitions.length < 2 ? figures : []).map((line) => line.length))).toBeLessThan(
          80,
        );
      },
    ),
  );
});

test('on AWS there is a cost, and workers are counted that were there at one time', () => {
  const workers = [worker('a', 'n1'), worker('b', 'n1'), worker('c', 'n2'), worker('d', 'n2')];
  const most = { workers: 2, nodes: 1 };
  const table = performanceTable(run([repetition({ workers, most })], { dollars: 12.345 }));
  expect(table).toMatch(/\nCost, by list prices +\$12\.35\n/);
  expect(table).toMatch(/\nNumber of nodes +1\nNumber of workers +2\nWorker utilisation +50\.0 %\n/);
  expect(performanceTable(run([repetition()], { dollars: null }))).not.toContain('Cost');
  expect(performanceTable(run([repetition(), repetition()], { dollars: 0.0012 }))).toMatch(/ \$0\.0012\n/);
});
