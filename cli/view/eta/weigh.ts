/** Weighted samples. */
// Globals are slow to reach where modules run in a context of their own, as under test.
const { exp, min } = Math;

/** So many samples of equal weight must the weighted ones be worth. */
const leastWorth = 20;

/**
 * Weights that fall with unlikeness, as likelihoods do; evened out as far as is needed for a few unlikely samples not to
 * decide alone.
 */
export function weigh(unlike: number[]): number[] {
  const least = unlike.reduce((a, b) => min(a, b));
  const at = (sharpness: number) => unlike.map((value) => exp((-sharpness * (value - least)) / 2));
  const enough = min(leastWorth, unlike.length);
  if (worth(at(1)) >= enough) return at(1);
  let [low, high] = [0, 1];
  for (let n = 0; n < 20; n++) {
    const middle = (low + high) / 2;
    if (worth(at(middle)) >= enough) low = middle;
    else high = middle;
  }
  return at(low);
}

function worth(weights: number[]): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return (sum * sum) / squares;
}

/** The value below which a share of the weight lies. */
export function quantiles(samples: { value: number; weight: number }[], shares: number[]): number[] {
  const rising = [...samples].sort((a, b) => a.value - b.value);
  const total = rising.reduce((sum, { weight }) => sum + weight, 0);
  return shares.map((share) => {
    let sum = 0;
    for (const { value, weight } of rising) {
      sum += weight;
      if (sum >= share * total) return value;
    }
    return rising.at(-1)?.value ?? Number.NaN;
  });
}
