/** Executes requests, by their verb. */

import type { Job, Pod, Thing } from '../types.ts';
import { admit } from './admission.ts';
import { type DeleteOptions, deleteThing } from './deletion.ts';
import { mergePatch, strategicMerge } from './patches.ts';
import { apiVersionOf, type Resource, type Target } from './resources.ts';
import { badRequest, invalid, notFound, StatusError } from './status-error.ts';
import type { Store } from './store.ts';
import { validate, validateChange } from './validate.ts';

export interface ApiRequest extends Target {
  verb: string;
  query: URLSearchParams;
  contentType: string;
  /** Parsed JSON; undefined without a body. */
  body: unknown;
}

/** A request that the stand-in does not model. It is answered with 501 and recorded. */
export class Unmodelled extends Error {}

/** Query parameters that the stand-in implements or may ignore. */
const known = new Set([
  ...['labelSelector', 'fieldSelector', 'limit', 'continue', 'fieldManager', 'force', 'fieldValidation'],
  ...['gracePeriodSeconds', 'propagationPolicy', 'pretty', 'container', 'tailLines', 'timestamps'],
]);

/** Executes a request and returns the answer. @throws StatusError, Unmodelled */
export function perform(store: Store, request: ApiRequest): { code: number; answer: unknown } {
  const { resource, namespace, name, verb, query } = request;
  for (const [key] of query) if (!known.has(key)) throw new Unmodelled(`query ${key}`);
  const ok = (answer: unknown, code = 200) => ({ code, answer });
  switch (verb) {
    case 'get':
      return ok(store.get(resource, namespace, name ?? ''));
    case 'list':
      return ok(page(store, request));
    case 'create':
      return ok(create(store, request), 201);
    case 'update':
      return ok(update(store, resource, asThing(request)));
    case 'patch':
      return patch(store, request);
    case 'delete': {
      const thing = store.get(resource, namespace, name ?? '');
      deleteThing(store, resource, thing, optionsOf(request));
      return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
    }
    case 'deletecollection': {
      const things = store.list(resource, namespace, query.get('labelSelector') ?? '');
      for (const thing of things) deleteThing(store, resource, thing, optionsOf(request));
      return ok({ ...listOf(store, resource), items: things });
    }
    default:
      throw new Unmodelled(`verb ${verb}`);
  }
}

const listOf = (store: Store, resource: Resource) => ({
  kind: `${resource.kind}List`,
  apiVersion: apiVersionOf(resource),
  metadata: { resourceVersion: store.version } as Record<string, unknown>,
});

/** A page of a list. The continue token is the last name of the page. */
function page(store: Store, { resource, namespace, query }: ApiRequest) {
  const limit = Number(query.get('limit') ?? 0) || Number.POSITIVE_INFINITY;
  const after = query.get('continue') ?? '';
  const keyOf = ({ metadata }: Thing) => `${metadata.namespace ?? ''}/${metadata.name}`;
  const left = store
    .list(resource, namespace, query.get('labelSelector') ?? '')
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    .filter((thing) => keyOf(thing) > after && hasFields(resource, thing, query.get('fieldSelector') ?? ''));
  const items = left.slice(0, limit);
  const list = listOf(store, resource);
  const last = items.at(-1);
  if (last && left.length > items.length) {
    list.metadata.continue = keyOf(last);
    list.metadata.remainingItemCount = left.length - items.length;
  }
  return { ...list, items };
}

/** Fields that the API server can select events by, of those that gcd-sfn uses. */
const eventFields: Record<string, (event: Thing) => unknown> = {
  'involvedObject.uid': (event) => (event.involvedObject as { uid?: string }).uid,
  reason: ({ reason }) => reason,
};

function hasFields(resource: Resource, thing: Thing, selector: string): boolean {
  return selector
    .split(',')
    .filter(Boolean)
    .every((term) => {
      const [name = '', value] = term.split('=');
      const field = resource.name === 'events' ? eventFields[name] : undefined;
      if (!field) throw new Unmodelled(`field selector ${term} of ${resource.name}`);
      return field(thing) === value;
    });
}

function asThing({ body, resource, namespace, name }: ApiRequest): Thing {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('the body must be an object');
  const thing = body as Thing;
  if (thing.apiVersion !== apiVersionOf(resource) || thing.kind !== resource.kind)
    throw badRequest(
      `${thing.apiVersion} ${thing.kind} does not match ${apiVersionOf(resource)} ${resource.kind}`,
    );
  const { metadata } = thing;
  if (name !== undefined && metadata?.name !== name)
    throw badRequest(
      `the name of the object (${metadata?.name}) does not match the name on the URL (${name})`,
    );
  if (!metadata?.name)
    throw invalid(resource, '', ['metadata.name: Required value: name or generateName is required']);
  if (namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  return { ...thing, metadata: { ...metadata, ...(namespace !== undefined && { namespace }) } };
}

function create(store: Store, request: ApiRequest): Thing {
  const { resource, namespace } = request;
  const thing = asThing(request);
  if (resource.namespaced && namespace === undefined)
    throw badRequest('a namespaced object must be created in a namespace');
  validate(resource, thing);
  if (resource.namespaced && !store.list(namespaces).some(({ metadata }) => metadata.name === namespace))
    throw notFound(namespaces, namespace ?? '');
  if (resource.name === 'pods') {
    admit(store, thing as Pod);
    (thing as Pod).status = { phase: 'Pending' };
  }
  if (resource.name === 'jobs') complete(thing as Job);
  return store.create(resource, thing);
}

const namespaces: Resource = {
  ...{ group: '', version: 'v1', name: 'namespaces', kind: 'Namespace', model: 'V1Namespace' },
  namespaced: false,
};

/** Sets the defaults of a Job. */
function complete(job: Job): void {
  const { spec } = job;
  if (!spec) return;
  if (spec.completionMode !== 'Indexed') throw new Unmodelled('a Job that is not Indexed');
  spec.suspend ??= false;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  if (spec.podReplacementPolicy !== 'Failed')
    throw new Unmodelled(`podReplacementPolicy ${spec.podReplacementPolicy}`);
  const { restartPolicy, containers, initContainers = [] } = spec.template.spec ?? {};
  if (restartPolicy !== 'Never') throw new Unmodelled('restartPolicy OnFailure');
  if (initContainers.some((one) => one.restartPolicy !== 'Always'))
    throw new Unmodelled('an init container that is no sidecar');
  if (containers?.length !== 1 || initContainers.length > 1)
    throw new Unmodelled('a pod with more than a container and a sidecar');
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.some(({ action }) => action === 'FailJob' || action === 'FailIndex'))
    throw new Unmodelled('a podFailurePolicy that fails a Job or an index');
  job.status = {};
}

function update(store: Store, resource: Resource, thing: Thing): Thing {
  const before = store.get(resource, thing.metadata.namespace, thing.metadata.name);
  validate(resource, thing);
  validateChange(resource, before, thing);
  return store.update(resource, thing);
}

function patch(store: Store, request: ApiRequest): { code: number; answer: unknown } {
  const { resource, namespace, name = '', contentType, body, query } = request;
  const existing = store.find(resource, namespace, name);
  const methods: Record<string, (old: unknown, patch: unknown) => unknown> = {
    'application/merge-patch+json': mergePatch,
    'application/strategic-merge-patch+json': strategicMerge,
    'application/apply-patch+yaml': strategicMerge,
  };
  const method = methods[contentType];
  if (!method) throw new Unmodelled(`patch of type ${contentType}`);
  if (contentType === 'application/apply-patch+yaml') {
    if (!query.get('fieldManager'))
      throw new StatusError(
        422,
        'Invalid',
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value',
      );
    if (!existing) return { code: 201, answer: create(store, request) };
  }
  if (!existing) throw notFound(resource, name);
  const changed = method(existing, body) as Thing;
  return { code: 200, answer: update(store, resource, changed) };
}

function optionsOf({ body, query }: ApiRequest): DeleteOptions {
  const { gracePeriodSeconds, propagationPolicy } = (body ?? {}) as DeleteOptions;
  const grace = query.get('gracePeriodSeconds') ?? gracePeriodSeconds;
  return {
    propagationPolicy: query.get('propagationPolicy') ?? propagationPolicy,
    ...(grace !== undefined && grace !== null && { gracePeriodSeconds: Number(grace) }),
  };
}
