import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { argsort, argsortDescending } from '../../../../core/values/argsort.ts';

const word = fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

test('keys of two words are sorted as they would be as one number, equal ones as they stand', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word)), (keys) => {
      const order = argsort(
        Uint32Array.from(keys, ([high]) => high),
        Uint32Array.from(keys, ([, low]) => low),
      );
      const value = ([high, low]: [number, number]) => (BigInt(high) << 32n) + BigInt(low);
      const expected = keys
        .map((key, place) => ({ place, value: value(key) }))
        .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : a.place - b.place));
      expect([...order]).toEqual(expected.map(({ place }) => place));
    }),
  );
});

test('numbers from 0 on are sorted falling, equal ones as they stand', () => {
  const number = fc.oneof(
    fc.constantFrom(0, 1, 2, Number.POSITIVE_INFINITY),
    fc.double({ min: 0, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(number), (values) => {
      const places = values.map((_, place) => place);
      // -0 and 0 are equal.
      const sorted = places.sort((a, b) => {
        const [x, y] = [values[a] as number, values[b] as number];
        return x === y ? a - b : y > x ? 1 : -1;
      });
      expect([...argsortDescending(Float64Array.from(values, (value) => value + 0))]).toEqual(sorted);
    }),
  );
});
