/** Evaluates `requires-python` of pyproject.toml. */

/**
 * @param version e.g. `3.11.7`
 * @param allowed as in pyproject.toml, e.g. `>=3.10,<4`; a condition that cannot be parsed allows everything
 */
export function allows(allowed: string, version: string): boolean {
  return allowed.split(',').every((one) => {
    const [, operator = '', bound = ''] =
      /^\s*(===?|~=|!=|[<>]=?)\s*(\d+(?:\.\d+)*(?:\.\*)?)\s*$/.exec(one) ?? [];
    return operator === '' || holds(operator, numbers(version), bound);
  });
}

function holds(operator: string, version: number[], bound: string): boolean {
  const wanted = numbers(bound);
  const order = compare(version, wanted);
  const begins = wanted.every((number, place) => version[place] === number);
  const same = bound.endsWith('.*') ? begins : order === 0;
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '!=':
      return !same;
    case '~=':
      return order >= 0 && wanted.slice(0, -1).every((number, place) => version[place] === number);
    default:
      return same;
  }
}

const numbers = (version: string): number[] =>
  version
    .replace(/\.\*$|[a-z].*$/g, '')
    .split('.')
    .map(Number);

function compare(one: number[], other: number[]): number {
  for (let place = 0; place < Math.max(one.length, other.length); place++) {
    const difference = (one[place] ?? 0) - (other[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
