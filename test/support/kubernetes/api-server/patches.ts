/** Merge patch and strategic merge patch. */
import { badRequest } from './status-error.ts';

type Mapping = Record<string, unknown>;
const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386: lists are replaced, null removes a key. */
export function mergePatch(old: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const result: Mapping = isMapping(old) ? { ...old } : {};
  for (const [key, value] of Object.entries(patch))
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  return result;
}

/** Lists that are merged item by item, with the field that identifies an item. Other lists are replaced. */
const listKeys: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  conditions: 'type',
  ownerReferences: 'uid',
};

/** Kubernetes' strategic merge, without directives. */
export function strategicMerge(old: unknown, patch: unknown, key = ''): unknown {
  if (Array.isArray(patch)) {
    const by = listKeys[key];
    if (by === undefined || !Array.isArray(old)) return patch;
    const result: unknown[] = [...old];
    for (const item of patch) {
      const at = result.findIndex((one) => isMapping(one) && isMapping(item) && one[by] === item[by]);
      if (at < 0) result.push(item);
      else result[at] = strategicMerge(result[at], item);
    }
    return result;
  }
  if (!isMapping(patch)) return patch;
  const directive = Object.keys(patch).find((name) => name.startsWith('$'));
  if (directive) throw badRequest(`not modelled: ${directive}`);
  const result: Mapping = isMapping(old) ? { ...old } : {};
  for (const [name, value] of Object.entries(patch))
    if (value === null) delete result[name];
    else result[name] = strategicMerge(result[name], value, name);
  return result;
}
