/** Argsort of 64-bit keys by radix sort: linear time, a few bytes an entry. */

/** Few keys do not justify a table of 65,536 digits. */
const digitBitsFor = (keys: number): 8 | 16 => (keys < 10_000 ? 8 : 16);

/**
 * The ascending order of unsigned keys. Stable.
 * @param high the keys' upper 32 bits
 * @param low the keys' lower 32 bits
 * @returns indices of the keys
 */
export function argsort(high: Uint32Array, low: Uint32Array): Uint32Array {
  let order = new Uint32Array(high.length);
  for (let place = 0; place < order.length; place++) order[place] = place;
  let sorted = new Uint32Array(order.length);
  const digitBits = digitBitsFor(order.length);
  const digits = 1 << digitBits;
  for (const words of [low, high]) {
    for (let shift = 0; shift < 32; shift += digitBits) {
      const next = firstPlaces(words, shift, digits);
      // All keys have the same digit here: nothing moves.
      if (next === undefined) continue;
      for (const place of order) {
        const digit = ((words[place] as number) >>> shift) % digits;
        const at = next[digit] as number;
        sorted[at] = place;
        next[digit] = at + 1;
      }
      [order, sorted] = [sorted, order];
    }
  }
  return order;
}

/** First place of the keys with each digit; undefined if all have the same digit. */
function firstPlaces(words: Uint32Array, shift: number, digits: number): Uint32Array | undefined {
  const places = new Uint32Array(digits);
  for (const word of words) {
    const digit = (word >>> shift) % digits;
    places[digit] = (places[digit] as number) + 1;
  }
  let sum = 0;
  for (let digit = 0; digit < digits; digit++) {
    const count = places[digit] as number;
    if (count === words.length) return undefined;
    places[digit] = sum;
    sum += count;
  }
  return places;
}

/**
 * The descending order of numbers. Stable.
 * @param values none of them negative or NaN
 */
export function argsortDescending(values: Float64Array): Uint32Array {
  // The bits of non-negative floats, read as an integer, have the same order; inverted, the reverse order.
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  for (let place = 0; place < values.length; place++) {
    low[place] = ~(words[2 * place] as number);
    high[place] = ~(words[2 * place + 1] as number);
  }
  return argsort(high, low);
}
