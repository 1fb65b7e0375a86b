/** What the definitions hand to functions: each state's Parameters. */
import {
  array,
  boolean,
  looseObject,
  nullable,
  number,
  object,
  optional,
  record,
  string,
  union,
  enum as zodEnum,
} from 'zod';
import { controlPlaneLogs } from '../../ports/clusters.ts';
import { runName } from '../../ports/request.ts';

const run = string().regex(runName, 'this cannot be the name of a run');
const execution = string();
/** Seconds since 1970. */
const since = number();
const tags = record(string(), string());

export const runEvent = object({ run });

/**
 * The first state gets what the execution was started with, and the execution's name. A schedule names itself and the
 * time that it meant; anybody else names the run.
 */
export const startEvent = object({
  input: union([runEvent, object({ schedule: string(), time: string() })]),
  execution,
}).transform(({ input, ...rest }) => ({ ...input, ...rest }));

export const imageCheck = object({ digest: string(), since });
export const imageConfirmation = object({
  digest: string(),
  build: looseObject({ Error: optional(string()), Cause: optional(string()) }),
});

export const bastionRequest = object({ want: object({ name: string(), cluster: string(), tags }), since });
export const bastionName = object({ name: string() });

export const clusterRequest = object({
  want: object({
    name: string(),
    version: nullable(string()),
    logs: optional(array(zodEnum(controlPlaneLogs))),
    tags,
  }),
  since,
  until: optional(zodEnum(['begun', 'equipped'])),
});
export const nodegroupRequest = object({
  want: object({
    cluster: string(),
    name: string(),
    instanceType: string(),
    spot: boolean(),
    amiType: string(),
    maxNodes: number(),
    diskGiB: number(),
    tags,
  }),
  since,
});

const group = object({ cluster: string(), nodegroup: string() });
export const scaleRequest = object({ execution, want: group.extend({ waitSeconds: number() }), since });
export const releaseRequest = object({ execution, want: group });

export const executionEvent = object({ run, execution });
/** An execution that began before the stack was deployed anew has a definition that names none. */
export const gatherEvent = object({ run, execution: optional(execution) });
export const reserveRequest = executionEvent.extend({ since });
export const limitRequest = executionEvent.extend({ startedAt: number(), built: boolean() });
export const workersEvent = executionEvent.extend({ cluster: string() });
export const startWorkersRequest = workersEvent.extend({ since });
export const endRequest = workersEvent.extend({ repetition: number(), repetitions: number() });

const failure = object({ Error: string(), Cause: optional(string()) });
export const endedEvent = executionEvent.extend({
  failure: optional(failure),
  failures: optional(record(string(), failure)),
  gathered: optional(object({ succeeded: number(), failed: number(), unfinished: number() })),
  warnings: optional(array(string())),
});

export const cleanUpEvent = object({
  input: object({
    run: optional(run),
    execution: optional(execution),
    cluster: optional(nullable(string())),
    tearDown: optional(boolean()),
  }),
}).transform(({ input }) => input);
const cluster = nullable(string());
export const tearDownRequest = object({ cluster, execution: nullable(execution), since });
export const scopeEvent = object({ cluster });

/** By the clock; or with the execution that has just ended. */
export const janitorEvent = object({ execution: optional(execution) });
