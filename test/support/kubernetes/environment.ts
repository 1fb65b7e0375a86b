import { amountOf } from './quantity.ts';
import type { Pod } from './types.ts';

/** The variables of a pod's first container, with what they refer to. @throws for what the stand-in does not know */
export function environmentOf(pod: Pod): Record<string, string> {
  const container = pod.spec?.containers?.[0];
  const env: Record<string, string> = {};
  for (const { name, value, valueFrom } of container?.env ?? []) {
    if (!valueFrom) {
      env[name] = value ?? '';
      continue;
    }
    const path = valueFrom.fieldRef?.fieldPath;
    const fields: Record<string, string | undefined> = {
      'metadata.name': pod.metadata.name,
      'metadata.namespace': pod.metadata.namespace,
      'metadata.uid': pod.metadata.uid,
      'spec.nodeName': pod.spec?.nodeName,
    };
    const limit = /^limits\.([\w-]+)$/.exec(valueFrom.resourceFieldRef?.resource ?? '')?.[1];
    const found =
      path === undefined ? limit && String(amountOf(container?.resources?.limits?.[limit])) : fields[path];
    if (found === undefined) throw new Error(`the stand-in does not know what ${name} refers to`);
    env[name] = found;
  }
  return env;
}
