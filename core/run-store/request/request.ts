/**
 * Schema of `request.json`. Everybody who starts runs may write to the bucket that it is read from, so every reader checks
 * it by this schema.
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

/** What an image is built from. */
const image = z.object({ digest: digest(), source: z.string('must be a text') }, mapping).refine(
  // As `bucket/key`, and no other key: CodeBuild reads it with the permissions of the stack.
  ({ digest, source }) => source.slice(source.indexOf('/') + 1) === bucketLayout.source(digest),
  { path: ['source'], error: 'must be the archive of the digest', when: ({ issues }) => issues.length === 0 },
);

/** Unknown keys are dropped, here and below: see `readRequest`. */
export const eksTargetSchema = z.object(
  {
    kind: z.literal('eks'),
    region: nameOfRegion(),
    cluster: z.object(
      {
        name: nameOfCluster(),
        /** Kubernetes version of a new cluster; null: the newest in standard support. */
        version: kubernetesVersion().nullable(),
        /** Enabled logs of the control plane. */
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
    /** Of config.yaml and cluster.yaml, for all created resources; see `tagsOf`. */
    tags: z.record(
      matching(tagName, 'is not the name of a tag on AWS'),
      matching(tagValue, 'must be the value of a tag on AWS'),
      mapping,
    ),
    /** Nodes to request, at most the nodegroup's maximum. */
    nodes: nodeCount(),
    workersPerNode: whole(1, 1000),
    /** Name of the bastion; null: none. */
    bastion: nameOfBastion().nullable(),
    /** What the image is built from: digest and archive of the frozen project, as `bucket/key`. */
    image,
    /** Whether to delete the cluster, and all that belongs to it, after the run. */
    cleanUp: yesNo(),
  },
  mapping,
);

/** Either these keys (`from` says who named them), or the first `count` that match (0: all). */
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
    /** On AWS: the project's key in the stack's bucket; absent: its name, as in earlier versions. */
    projectKey: matching(
      /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/,
      'must be the name of a part of the bucket',
    ).optional(),
    /** On AWS: ARN of who requested it; absent in requests of earlier versions. */
    by: text().max(2048, 'is too long').optional(),
    /** SHA-256 over the project's files, as frozen when the run started. */
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

/** The keys that a request of any version has. */
export const requestHeadSchema = requestSchema.pick({
  version: true,
  projectName: true,
  requestedAt: true,
  by: true,
});

/**
 * Reads the request of a run. Unknown keys are dropped: a later version with the same minor number may write some.
 * @param store the run's
 * @param run its name, which must be that in the request
 * @throws NotFound if there is none; RequestInvalid, which names the invalid keys; AccessDenied, Unreachable
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

/** Values may be secrets, so they are not shown; keys may be anything, so they are escaped. */
function faultOf({ path, message, code, ...issue }: z.core.$ZodIssue): string {
  const inner =
    code === 'invalid_key' ? (issue as z.core.$ZodIssueInvalidElement<unknown>).issues[0] : undefined;
  const keys = path.map((key) =>
    /^[\w.-]{1,80}$/.test(String(key)) ? String(key) : JSON.stringify(key).slice(0, 80),
  );
  return `${keys.join('.')} ${inner?.message ?? message}`.trim();
}
