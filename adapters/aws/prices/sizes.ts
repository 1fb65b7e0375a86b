/** Family, size and vCPUs from the names of instance types. */

/** `m6i` for `m6i.large`. */
export const familyOf = (type: string): string => type.slice(0, type.indexOf('.'));

const smallSizes = new Map(Object.entries({ nano: 1 / 16, micro: 1 / 8, small: 1 / 4, medium: 1 / 2 }));

/** In multiples of `large`; undefined for `metal` and other sizes. */
export function sizeOf(type: string): number | undefined {
  const size = type.slice(type.indexOf('.') + 1);
  if (size === 'large') return 1;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? smallSizes.get(size) : 2 * Number(times || 1);
}

/** Burstable types have at least two. */
export const vcpusOf = (type: string): number =>
  Math.max(type.startsWith('t') ? 2 : 1, 2 * (sizeOf(type) ?? 1));
