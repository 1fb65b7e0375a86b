/** `pod` of config.yaml, put into the pod as Kubernetes would: mappings key by key, known lists by the name of their items. */

/** A list's items are the same when this field of theirs is. */
const itemKeys: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};
/** Lists that grow; any other is replaced. */
const growing = new Set(['tolerations', 'readinessGates']);

type Mapping = Record<string, unknown>;
const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A new value; a key whose new value is null goes. */
export function merged(old: unknown, patch: unknown, key = ''): unknown {
  if (Array.isArray(old) && Array.isArray(patch)) {
    const by = itemKeys[key];
    if (by !== undefined) return mergedList(old, patch, by);
    return growing.has(key) ? [...old, ...patch] : patch;
  }
  if (!isMapping(patch)) return patch;
  const result: Mapping = isMapping(old) ? { ...old } : {};
  for (const [name, value] of Object.entries(patch))
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value, name);
  return result;
}

function mergedList(old: unknown[], patch: unknown[], by: string): unknown[] {
  const result = [...old];
  for (const item of patch) {
    const name = isMapping(item) ? item[by] : undefined;
    const at = result.findIndex((one) => isMapping(one) && name !== undefined && one[by] === name);
    if (at === -1) result.push(item);
    else result[at] = merged(result[at], item);
  }
  return result;
}
