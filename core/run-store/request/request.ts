/**
 * What `request.json` may say. It is read from a bucket that all who start runs may write into, and from the project's
 * folder: whoever reads one checks it by this, and nothing else says what a request is.
 */
import * as z from 'zod';
import { bucketLayout } from '../../bucket/bucket-layout.ts';
import { controlPlaneLogs } from '../../cluster.ts';
import { configSchema } from '../../config/schema/config-schema.ts';
import { diskGiB, matching, nodeCount, text, whole, yesNo } from '../../config/schema/fields.ts';
import { RequestInvalid } from '../../errors/errors.ts';
import { readAll, type Store } from '../../store.ts';
import {
  digest,
  kubernetesVersion,
  nameForRun,
  nameOfBastion,
  nameOfCluster,
  nameOfNodegroup,
  nameOfRegion,
  typeOfInstance,
} from '../../values/aws-names.ts';
import { tagName, tagValue } from '../../values/tags.ts';
import { layout } from '../layout.ts';
import { maxRepetitions } from './run-limits.ts';

const mapping = 'must be a mapping';

/** What an image is made from. */
const image = z.object({ digest: digest(), source: z.string('must be a text') }, mapping).refine(
  // As `bucket/key`, and of no other key: a build reads it with the permissions of the stack.
  ({ digest, source }) => source.slice(source.indexOf('/') + 1) === bucketLayout.source(digest),
  { path: ['source'], error: 'must be the archive of the digest', when: ({ issues }) => issues.length === 0 },
);

/** Keys that this version does not know are left out, here and below: see `readRequest`. */
export const eksTargetSchema = z.object(
  {
    kind: z.literal('eks'),
    region: nameOfRegion(),
    cluster: z.object(
      {
        name: nameOfCluster(),
        /** Kubernetes version of one that has to be made; null: the newest in standard support. */
        version: kubernetesVersion().nullable(),
        /** Logs of its control plane that are kept. */
        logs: z.array(z.enum(controlPlaneLogs), 'must be a list of kinds of logs').optional(),
      },
      mapping,
    ),
    nodegroup: z.object(
      {
        name: nameOfNodegroup(),
        instanceType: typeOfInstance(),
        spot: yesNo(),
        maxNodes: nodeCount(),
        diskGiB: diskGiB(),
      },
      mapping,
    ),
    /** Of config.yaml and cluster.yaml, for everything that is made; see `tagsOf`. */
    tags: z.record(
      matching(tagName, 'is not the name of a tag on AWS'),
      matching(tagValue, 'must be the value of a tag on AWS'),
      mapping,
    ),
    /** Nodes to ask for, at most the group's maximum. */
    nodes: nodeCount(),
    workersPerNode: whole(1, 1000),
    /** Name of the bastion; null: the run has none. */
    bastion: nameOfBastion().nullable(),
    /** What the image is made from: its digest, and where the frozen project lies as `bucket/key`. */
    image,
    /** Whether the cluster and all that belongs to it is removed after the run. */
    cleanUp: yesNo(),
  },
  mapping,
);

/** Just these keys (`from` tells who named them), or the first so many that match (0: all). */
const selectionSchema = z.discriminatedUnion(
  'kind',
  [
    z.object({
      kind: z.literal('keys'),
      keys: z.array(z.string('must be a key'), 'must be a list of keys'),
      from: text(),
    }),
    z.object({ kind: z.literal('first'), count: whole(0, Number.MAX_SAFE_INTEGER) }),
  ],
  'must say which files',
);

export const requestSchema = z.object(
  {
    /** Name of the run, unique in its project. */
    run: nameForRun(),
    /** Version of gcd-sfn that wrote it. */
    version: matching(/^\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,40}$/, 'must be a version'),
    /** Seconds since 1970. */
    requestedAt: z.number('must be a time').min(0, 'must be a time').max(1e11, 'must be a time'),
    /** Absolute path of the project folder, and its name. */
    project: z.string('must be a path').max(4096, 'is too long a path'),
    projectName: z.string('must be a text').regex(/^[^/\0]{0,255}$/, 'must be the name of a folder'),
    /** On AWS: what the project's part of the stack's bucket is called; absent: by its name, as earlier versions had it. */
    projectKey: matching(
      /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/,
      'must be the name of a part of the bucket',
    ).optional(),
    /** On AWS: ARN of who asked for it; absent when an earlier version wrote it. */
    by: text().max(2048, 'is too long').optional(),
    /** SHA-256 over the project's files, as they were frozen when the run began. */
    codeDigest: digest(),
    config: configSchema,
    selection: selectionSchema,
    /** Where it runs. */
    target: z.discriminatedUnion(
      'kind',
      [z.object({ kind: z.literal('local') }), eksTargetSchema],
      'must say where the run is',
    ),
    /** Worker processes. */
    workers: whole(1, 100_000_000),
    /** How many times every task is run. */
    repetitions: whole(1, maxRepetitions),
  },
  'is no request',
);

/** What a run was requested to do: `request.json`, written once, before anything else. */
export type RunRequest = z.infer<typeof requestSchema>;

/** Either these keys (`from` says who named them), or the first `count` that match (0: all). */
export type Selection = RunRequest['selection'];

/** So much of it can be told of a request of any version. */
export const requestHeadSchema = requestSchema.pick({
  version: true,
  projectName: true,
  requestedAt: true,
  by: true,
});

/**
 * Reads the request of a run. Keys that this version does not know are tolerated, because later ones of the same minor
 * version may write some, and are left out, so that nothing can use them.
 * @param store the run's
 * @param run its name, which the request has to have, too
 * @throws NotFound when there is none; RequestInvalid, which names the keys that are wrong; AccessDenied, Unreachable
 */
export async function readRequest(store: Store, run: string): Promise<RunRequest> {
  const request = parseRequest(await readAll(store, layout.request), `run ${run}`);
  if (request.run === run) return request;
  throw unfit(`run ${run}`, ['run must be the name of this run']);
}

/**
 * @param text of `request.json`
 * @param of whose it is, in a few words
 * @throws RequestInvalid
 */
export function parseRequest(text: Uint8Array | string, of: string): RunRequest {
  let given: unknown;
  try {
    given = JSON.parse(text.toString());
  } catch {
    throw unfit(of, ['it is no JSON']);
  }
  return checkedRequest(given, of);
}

/** @throws RequestInvalid */
export function checkedRequest(given: unknown, of: string): RunRequest {
  const { data, error } = requestSchema.safeParse(given);
  if (data) return data;
  throw unfit(of, error.issues.map(faultOf), requestHeadSchema.safeParse(given).data?.version);
}

const shown = 5;

function unfit(of: string, faults: string[], version?: string): RequestInvalid {
  const writer = version === undefined ? '' : `, which gcd-sfn ${version} wrote,`;
  const more = faults.length > shown ? ` and ${faults.length - shown} more` : '';
  return new RequestInvalid(
    `the request of ${of}${writer} cannot be used: ${faults.slice(0, shown).join('; ')}${more}`,
    {
      hint: 'Start another run. If another version wrote it, that version can read it: npx gcd-sfn@VERSION.',
    },
  );
}

/** Keys may be anything, and values may be secrets: those are not told. */
function faultOf({ path, message, code, ...issue }: z.core.$ZodIssue): string {
  const inner =
    code === 'invalid_key' ? (issue as z.core.$ZodIssueInvalidElement<unknown>).issues[0] : undefined;
  const keys = path.map((key) =>
    /^[\w.-]{1,80}$/.test(String(key)) ? String(key) : JSON.stringify(key).slice(0, 80),
  );
  return `${keys.join('.')} ${inner?.message ?? message}`.trim();
}
