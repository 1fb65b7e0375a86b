/** Schemas of the events that the definitions pass to functions: each state's Parameters. */
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
import { controlPlaneLogs } from '../../core/cluster.ts';
import { diskGiB, nodeCount } from '../../core/config/schema/fields.ts';
import {
  kubernetesVersion,
  nameForRun,
  nameOfBastion,
  nameOfCluster,
  nameOfNodegroup,
  typeOfInstance,
} from '../../core/values/aws-names.ts';

const run = nameForRun();
const execution = string();
/** When the state was entered: ISO 8601 from Step Functions, parsed to seconds since 1970. */
const since = string().transform((text, context) => {
  const at = Date.parse(text) / 1000;
  if (Number.isNaN(at)) context.addIssue(`not a time: ${text}`);
  return at;
});
const tags = record(string(), string());

export const runEvent = object({ run });

/**
 * The first state gets the execution's input and name. The input names the run; that of a schedule names the schedule and
 * the scheduled time.
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

export const bastionRequest = object({
  want: object({ name: nameOfBastion(), cluster: nameOfCluster(), tags }),
  since,
});
/** Executions that an earlier version started before a forced deploy pass no `since`. */
export const bastionName = object({ name: string(), since: optional(since) });

export const clusterRequest = object({
  want: object({
    name: nameOfCluster(),
    version: nullable(kubernetesVersion()),
    logs: optional(array(zodEnum(controlPlaneLogs))),
    tags,
  }),
  since,
  until: optional(zodEnum(['begun', 'equipped'])),
});
export const nodegroupRequest = object({
  want: object({
    cluster: nameOfCluster(),
    name: nameOfNodegroup(),
    instanceType: typeOfInstance(),
    spot: boolean(),
    amiType: string(),
    maxNodes: nodeCount(),
    diskGiB: diskGiB(),
    tags,
  }),
  since,
});

const group = object({ cluster: nameOfCluster(), nodegroup: nameOfNodegroup() });
export const scaleRequest = object({ execution, want: group.extend({ waitSeconds: number() }), since });
export const releaseRequest = object({ execution, want: group });

export const executionEvent = object({ run, execution });
/** Executions that an earlier version started pass no `execution`. */
export const gatherEvent = object({ run, execution: optional(execution) });
export const reserveRequest = executionEvent.extend({ since });
export const limitRequest = executionEvent.extend({ startedAt: number(), built: boolean() });
export const workersEvent = executionEvent.extend({ cluster: string() });
export const startWorkersRequest = workersEvent.extend({ repetition: number(), nodes: number(), since });
/** A clean-up, which waits for no task, passes no `since`. */
export const stopWorkersRequest = workersEvent.extend({ since: optional(since) });
/** As a Catch passes it. */
const failure = object({ Error: string(), Cause: optional(string()) });
export const endRequest = workersEvent.extend({
  repetition: number(),
  repetitions: number(),
  /** Why not all batches were dispatched; null if all were. */
  stopped: nullable(failure),
});

/** As version 0.1 passes it: its executions may end after a forced deploy. */
const endedBefore = executionEvent
  .extend({
    failure: optional(failure),
    failures: optional(record(string(), failure)),
    gathered: optional(object({ succeeded: number(), failed: number(), unfinished: number() })),
  })
  .transform(({ failure: outcome, ...state }) => ({
    execution: state.execution,
    state: { ...state, outcome },
  }));

/** The execution's state at its end, which is little if its first state failed, and the execution's name. */
const endedNow = object({
  execution,
  state: object({
    /** Empty in a clean-up of no run. */
    run: optional(string()),
    execution: optional(execution),
    /** Why the work failed. */
    outcome: optional(object({ Error: optional(string()), Cause: optional(string()) })),
    /** Final states that failed, by name. */
    failures: optional(record(string(), failure)),
    gathered: optional(object({ succeeded: number(), failed: number(), unfinished: number() })),
    work: optional(
      object({ prepared: object({ bastion: nullable(object({ Error: optional(string()) })) }) }),
    ),
    /** Of a clean-up: how the execution that it cleans up had ended. */
    ended: optional(failure),
  }),
});

export const endedEvent = union([endedNow, endedBefore]);

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

/** On a schedule; or with the execution that has just ended. */
export const janitorEvent = object({ execution: optional(execution) });
