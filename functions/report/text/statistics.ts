/** Mean and spread over repetitions. */

const known = (values: (number | null)[]) => values.filter((value) => value !== null);

/** Arithmetic mean of the values that are there; null when none is. */
export function mean(values: (number | null)[]): number | null {
  const numbers = known(values);
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/** Standard deviation of a sample (n - 1); null with fewer than two values. */
export function deviation(values: (number | null)[]): number | null {
  const numbers = known(values);
  const centre = mean(numbers);
  if (centre === null || numbers.length < 2) return null;
  const squares = numbers.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1));
}
