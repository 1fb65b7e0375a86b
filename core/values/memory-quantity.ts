/** Kubernetes quantities of memory, such as `512Mi` or `2G`. */

const units: Record<string, number> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Also in the JSON Schema that editors check. */
export const quantityPattern = /^(\d+(?:\.\d+)?|\.\d+)([kMGT]|[KMGT]i)?$/;

/** Bytes of a quantity (`512Mi` is 536870912), rounded up; null if the text is not a quantity of memory. */
export function parseQuantity(text: string): number | null {
  const [, number, unit = ''] = quantityPattern.exec(text) ?? [];
  return number === undefined ? null : Math.ceil(Number(number) * units[unit]!);
}
