const suffixes: Record<string, number> = {
  ...{ '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** The number that a quantity of Kubernetes stands for: `500m`, `2Gi`; undefined when it is none. */
export function amountOf(quantity: string | undefined): number | undefined {
  const [, number, suffix = ''] = /^([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  const factor = suffixes[suffix];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
