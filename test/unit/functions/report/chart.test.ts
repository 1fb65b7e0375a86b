import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TimelineEntry } from '../../../../core/run-store/status/summary.ts';
import { axisOf } from '../../../../functions/report/chart/axis.ts';
import { ganttChart, mostRows } from '../../../../functions/report/chart/gantt.ts';
import { histogram } from '../../../../functions/report/chart/histogram.ts';
import { panelOf } from '../../../../functions/report/chart/panel.ts';
import { rowsOf } from '../../../../functions/report/chart/rows.ts';
import { clockOf } from '../../../../functions/report/data/clock.ts';
import { distribution } from '../../../../functions/report/data/distribution.ts';
import { Largest } from '../../../../functions/report/data/largest.ts';
import type { Timeline } from '../../../../functions/report/data/timeline.ts';
import { repetition, run, worker } from './runs.ts';
import { checkXml } from './xml.ts';

const timelineOf = (entries: TimelineEntry[]): Timeline => ({
  count: entries.length,
  lane: Uint32Array.from(entries, ([lane]) => lane),
  start: Float64Array.from(entries, ([, start]) => start),
  end: Float64Array.from(entries, ([, , end]) => end),
  failed: Uint8Array.from(entries, ([, , , failed]) => failed),
  index: Uint32Array.from(entries, ([, , , , index]) => index),
});

const span = (start: number, end: number): TimelineEntry => [0, start, end, 0, 0];

test('a clock without long gaps is plain time', () => {
  const clock = clockOf(timelineOf([span(0, 4), span(5, 10)]));
  expect(clock.gaps).toEqual([]);
  expect([clock.length, clock.at(4.5)]).toEqual([10, 4.5]);
});

test('a clock runs fast through long gaps', () => {
  const clock = clockOf(timelineOf([span(0, 5), span(2, 6), span(1006, 1010), span(5010, 5020)]));
  expect(clock.gaps).toEqual([
    { start: 6, end: 1006 },
    { start: 1010, end: 5010 },
  ]);
  expect(clock.length).toBeCloseTo(20 * 1.06);
  expect([0, 6, 1006, 1010, 5010, 5020].map((seconds) => Math.round(clock.at(seconds) * 100) / 100)).toEqual([
    0, 6, 6.6, 10.6, 11.2, 21.2,
  ]);
});

test('a clock never runs backwards', () => {
  const entries = fc.array(
    fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true })),
  );
  fc.assert(
    fc.property(entries, (pairs) => {
      const clock = clockOf(timelineOf(pairs.map(([start, seconds]) => span(start, start + seconds))));
      const times = pairs.flatMap(([start, seconds]) => [start, start + seconds]).sort((a, b) => a - b);
      const places = times.map(clock.at);
      for (let i = 1; i < places.length; i++)
        expect(places[i]! - places[i - 1]!).toBeGreaterThanOrEqual(-1e-6);
      // A nanosecond: what is left of a short run that began late is rounded to a part of that time.
      expect(places.at(-1) ?? 0).toBeLessThanOrEqual(clock.length + 1e-9 * (1 + clock.length));
    }),
  );
});

test.each([
  [0.0004, 'microseconds', ['0', '50', '100']],
  [2.2, 'seconds', ['0.0', '0.2', '0.4']],
  [600, 'minutes', ['0', '1', '2']],
  [7200, 'minutes', ['0', '10', '20']],
  [86_400, 'hours', ['0', '2', '4']],
  [30 * 86_400, 'days', ['0', '5', '10']],
])('an axis of %p seconds counts %s', (seconds, unit, first) => {
  const axis = axisOf(clockOf(timelineOf([span(0, seconds)])), { length: seconds, most: 13 });
  expect(axis.unit).toBe(unit);
  expect(axis.ticks.slice(0, 3).map(({ label }) => label)).toEqual(first);
  expect(axis.ticks.length).toBeLessThanOrEqual(14);
});

test('workers share rows with those of their node', () => {
  const workers = (nodes: number, each: number) =>
    Array.from({ length: nodes * each }, (_, i) => worker(`w${i}`, `n${Math.floor(i / each)}`));
  expect(rowsOf(workers(2, 3), 10).rows.map(({ label }) => label)).toEqual([
    'w0',
    'w1',
    'w2',
    'w3',
    'w4',
    'w5',
  ]);
  expect(rowsOf(workers(3, 8), 6).rows.map(({ node, label }) => `${node}: ${label}`)).toEqual(
    ['n0', 'n0', 'n1', 'n1', 'n2', 'n2'].map((node) => `${node}: 4 workers`),
  );
  expect(rowsOf(workers(20, 2), 10).rows[0]).toEqual({
    node: 'n0',
    moreNodes: 1,
    label: '4 workers',
    lanes: 4,
  });
  expect(rowsOf(workers(20, 2), 10).rowOf.at(-1)).toBe(9);
});

test('the largest are kept in order, the earlier of two alike first', () => {
  const largest = new Largest<string>(3);
  for (const [size, name] of [
    [2, 'a'],
    [5, 'b'],
    [2, 'c'],
    [9, 'd'],
    [5, 'e'],
  ] as const)
    largest.offer(size, () => name);
  expect(largest.values()).toEqual(['d', 'b', 'e']);
});

test('durations that are all alike fall into one bin', () => {
  const found = distribution(timelineOf([span(0, 2), span(2, 4), span(4, 6)]))!;
  expect(found.scale).toBe('linear');
  expect(found.bins.filter((bin) => bin.succeeded > 0)).toEqual([{ succeeded: 3, failed: 0 }]);
  expect(found.quantiles.map(({ seconds }) => seconds)).toEqual(Array(8).fill(2));
});

test('any timeline makes drawings that are well-formed and have no NaN', () => {
  const seconds = fc.oneof(
    fc.constant(0),
    fc.double({ min: 0, max: 1e-7, noNaN: true }),
    fc.double({ min: 0, max: 1e9, noNaN: true }),
  );
  const entry = fc.tuple(fc.nat(40), seconds, seconds, fc.constantFrom<0 | 1>(0, 1), fc.nat());
  const lanes = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 60 }),
      lanes,
      fc.integer({ min: 1, max: 50 }),
      fc.string({ unit: 'binary' }),
      (entries, count, rows, name) => {
        const timeline = timelineOf(
          entries.map(([lane, start, length, failed, index]) => [lane, start, start + length, failed, index]),
        );
        const workers = Array.from({ length: count }, (_, i) => worker(`${name}${i}`, `${name}${i % 3}`));
        const summary = repetition({ workers });
        const panels = [panelOf(summary, timeline, rows), panelOf(summary, timeline, mostRows(2))];
        const found = distribution(timeline);
        const texts = [
          ganttChart(run([summary, summary]), panels, 'a').text,
          ...(found ? [histogram(found, 'b').text] : []),
        ];
        for (const text of texts) {
          checkXml(text);
          expect(text.replaceAll(/>[^<]*</g, '><')).not.toMatch(/NaN|Infinity|undefined/);
        }
      },
    ),
    { numRuns: 60 },
  );
});
