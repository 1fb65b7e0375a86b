/** Refuses unknown and missing fields, and invalid Jobs and pods. */
import { isDeepStrictEqual } from 'node:util';
import type { V1PodSpec } from '@kubernetes/client-node';
import * as client from '@kubernetes/client-node';
import type { Job, Json, Pod, Thing } from '../types.ts';
import type { Resource } from './resources.ts';
import { badRequest, invalid } from './status-error.ts';

type PodSpec = Json<V1PodSpec>;

/** @throws StatusError 400 for unknown fields, 422 for the rest */
export function validate(resource: Resource, thing: Thing): void {
  const unknown = unknownFields(thing, resource.model, '');
  if (unknown.length > 0)
    throw badRequest(
      `${thing.kind} in version "${resource.version}" cannot be handled as a ${thing.kind}: strict decoding error: ${unknown.join(', ')}`,
    );
  const { name = '' } = thing.metadata;
  const causes = /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(name)
    ? []
    : [`metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of ...`];
  for (const [key, value] of Object.entries(thing.metadata.labels ?? {}))
    if (!/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value))
      causes.push(`metadata.labels: Invalid value: "${value}": a valid label must be ... (${key})`);
  if (resource.name === 'jobs') causes.push(...jobCauses(thing as Job));
  if (resource.name === 'pods') causes.push(...podCauses((thing as Pod).spec, 'spec'));
  if (causes.length > 0) throw invalid(resource, name, causes);
}

function jobCauses({ spec, metadata }: Job): string[] {
  if (!spec?.template?.spec) return ['spec.template: Required value'];
  const { template, completionMode, completions, backoffLimitPerIndex, podFailurePolicy } = spec;
  const { restartPolicy } = template.spec ?? {};
  const causes = podCauses(template.spec, 'spec.template.spec');
  if (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure')
    causes.push(
      `spec.template.spec.restartPolicy: Unsupported value: "${restartPolicy ?? 'Always'}": supported values: "OnFailure", "Never"`,
    );
  if (completionMode === 'Indexed' && completions === undefined)
    causes.push('spec.completions: Required value: when completion mode is Indexed');
  if (completionMode === 'Indexed' && `${metadata.name}-${(completions ?? 1) - 1}`.length > 63)
    causes.push(
      `metadata.name: Invalid value: "${metadata.name}": will not able to create pod with invalid DNS label`,
    );
  if (backoffLimitPerIndex !== undefined && completionMode !== 'Indexed')
    causes.push('spec.backoffLimitPerIndex: Invalid value: requires indexed completion mode');
  if ((backoffLimitPerIndex !== undefined || podFailurePolicy) && restartPolicy !== 'Never')
    causes.push('spec.template.spec.restartPolicy: Invalid value: only "Never" is supported');
  for (const [index, { action, onPodConditions, onExitCodes }] of (podFailurePolicy?.rules ?? []).entries()) {
    if (!['FailJob', 'FailIndex', 'Ignore', 'Count'].includes(action))
      causes.push(`spec.podFailurePolicy.rules[${index}].action: Unsupported value: "${action}"`);
    if (!onPodConditions === !onExitCodes)
      causes.push(
        `spec.podFailurePolicy.rules[${index}]: one of onExitCodes and onPodConditions is required`,
      );
  }
  return causes;
}

function podCauses(spec: PodSpec | undefined, at: string): string[] {
  if (!spec?.containers?.length) return [`${at}.containers: Required value`];
  const volumes = new Set(spec.volumes?.map(({ name }) => name));
  const causes: string[] = [];
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  if (new Set(containers.map(({ name }) => name)).size < containers.length)
    causes.push(`${at}.containers.name: Duplicate value`);
  for (const { name, image, volumeMounts, resources, env } of containers) {
    const here = `${at}.containers[${name}]`;
    if (!name) causes.push(`${here}.name: Required value`);
    if (!image) causes.push(`${here}.image: Required value`);
    for (const { name: volume, mountPath } of volumeMounts ?? []) {
      if (!volumes.has(volume)) causes.push(`${here}.volumeMounts.name: Not found: "${volume}"`);
      if (!mountPath) causes.push(`${here}.volumeMounts.mountPath: Required value`);
    }
    if (new Set(volumeMounts?.map(({ mountPath }) => mountPath)).size !== (volumeMounts?.length ?? 0))
      causes.push(`${here}.volumeMounts.mountPath: Invalid value: must be unique`);
    for (const one of env ?? []) if (!one.name) causes.push(`${here}.env.name: Required value`);
    for (const [kind, quantity] of Object.entries({ ...resources?.requests, ...resources?.limits }))
      if (parseQuantity(quantity) === undefined)
        causes.push(`${here}.resources: Invalid value: "${quantity}": quantities must match ... (${kind})`);
    for (const [kind, limit] of Object.entries(resources?.limits ?? {}))
      if ((parseQuantity(resources?.requests?.[kind] ?? '0') ?? 0) > (parseQuantity(limit) ?? 0))
        causes.push(`${here}.resources.requests: must be less than or equal to ${kind} limit of ${limit}`);
  }
  for (const { effect, operator, value, tolerationSeconds } of spec.tolerations ?? []) {
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      causes.push(`${at}.tolerations: effect must be 'NoExecute' when \`tolerationSeconds\` is set`);
    if (operator === 'Exists' && value)
      causes.push(`${at}.tolerations.operator: value must be empty when \`operator\` is 'Exists'`);
  }
  return causes;
}

/** Most fields of a Job are immutable. @throws StatusError 422 */
export function validateChange(resource: Resource, before: Thing, after: Thing): void {
  if (resource.name !== 'jobs') return;
  const [old, now] = [(before as Job).spec, (after as Job).spec];
  const fields = [
    'template',
    'selector',
    'completions',
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
  ];
  const changed = fields.filter(
    (field) =>
      !isDeepStrictEqual(
        (old as Record<string, unknown> | undefined)?.[field],
        (now as Record<string, unknown> | undefined)?.[field],
      ),
  );
  if (changed.length > 0)
    throw invalid(
      resource,
      after.metadata.name,
      changed.map((field) => `spec.${field}: Invalid value: field is immutable`),
    );
}

interface Attribute {
  baseName: string;
  type: string;
}
type Model = { getAttributeTypeMap?: () => Attribute[] };

function unknownFields(value: unknown, type: string, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = /^Array<(.+)>$/.exec(type)?.[1];
  if (Array.isArray(value))
    return value.flatMap((item, index) => unknownFields(item, inner ?? 'any', `${at}[${index}]`));
  const mapped = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  const attributes = (client as unknown as Record<string, Model>)[type]?.getAttributeTypeMap?.();
  if (!mapped && !attributes) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const path = at ? `${at}.${key}` : key;
    const of = mapped ?? attributes?.find(({ baseName }) => baseName === key)?.type;
    return of ? unknownFields(item, of, path) : [`unknown field "${path}"`];
  });
}

const quantityFactors: Record<string, number> = {
  ...{ '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** The number of a quantity such as `500m` or `2Gi`; undefined when it is not valid. */
export function parseQuantity(quantity: string | undefined): number | undefined {
  const [, number, suffix = ''] = /^([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  const factor = quantityFactors[suffix];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
