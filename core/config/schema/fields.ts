/**
 * Building blocks of the schemas of config.yaml, cluster.yaml and a run's request. Every message is the end of a sentence
 * that starts with the key's name, such as "must be true or false"; mistakes.ts adds the name and the given value.
 */
import * as z from 'zod';
import { maxDiskGiB, maxNodesOfGroup, minDiskGiB } from '../../cluster.ts';
import { filesTable, namePattern, reportName } from '../../run-store/result-names.ts';
import { expressionFault } from '../../values/column-expression.ts';
import { encodingOf } from '../../values/encodings.ts';
import { patternFault } from '../../values/glob.ts';
import { parseQuantity, quantityPattern } from '../../values/memory-quantity.ts';
import { tagLimits, tagName, tagValue } from '../../values/tags.ts';
import { dataBucketFault, placeOfData } from './data-bucket-fault.ts';
import { podFaults } from './pod-fields.ts';

/** Not a pattern in the schema: not all editors support \p. */
const hasNoControl = (given: string) => !/\p{Cc}/u.test(given);

export const text = () =>
  z.string('must be a text').refine(hasNoControl, 'must not contain control characters or line breaks');

export const matching = (pattern: RegExp, message: string) => z.string(message).regex(pattern, message);

export const yesNo = () => z.boolean('must be true or false');

export const whole = (min: number, max: number, unit = '') => {
  const message = `must be a whole number${unit && ` of ${unit}`} from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
};

export const nodeCount = (unit = '') => whole(1, maxNodesOfGroup, unit);

export const diskGiB = () => whole(minDiskGiB, maxDiskGiB, 'GiB');

export const seconds = (max: number) => {
  const message = `must be a number of seconds above 0, at most ${max}`;
  return z.number(message).gt(0, message).max(max, message);
};

export const dollars = () => z.number('must be an amount in US dollars').gt(0, 'must be above 0');

/** A list, or a single item. */
export const oneOrMore = <Item extends z.ZodType>(item: Item, message: string) =>
  z.union([item, z.array(item, message)], message);

const bucketName = String.raw`[A-Za-z0-9][A-Za-z0-9._\-]{1,253}[A-Za-z0-9]`;

export const bucket = () =>
  matching(
    new RegExp(`^${bucketName}$`),
    'must be the name of an S3 bucket, without s3:// and without a folder',
  );

export const dataBucketPattern = new RegExp(
  String.raw`^(?:${bucketName}|s3://${bucketName}(?:/.*)?|(?:\.{1,2}|~)?/.*|\.{1,2}|~)$`,
);

export const dataBucket = () =>
  z.string(placeOfData).regex(dataBucketPattern, { error: ({ input }) => dataBucketFault(input as string) });

/** Names of result files that cannot be chosen. */
const taken: string[] = [reportName, 'summary.json', filesTable];

/** @param ending such as `.csv` */
export const fileName = (ending: string) => {
  const message = `must be a plain file name that ends in ${ending}, without a leading dot, a folder, or any of : * ? " < > |`;
  return matching(namePattern(ending), message)
    .refine(hasNoControl, message)
    .refine(
      (name) => !taken.includes(name.toLowerCase()),
      `cannot have this name: a run also writes ${taken.slice(0, -1).join(', ')} and ${taken.at(-1)}`,
    );
};

/** Shell pattern for keys. */
export const filePattern = () =>
  text().refine((pattern) => patternFault(pattern) === null, {
    error: ({ input }) => patternFault(input as string) ?? '',
  });

export const expression = () =>
  z
    .string('must be a text')
    .min(1, 'must not be empty')
    .refine((source) => expressionFault(source) === null, {
      error: ({ input }) => expressionFault(input as string) ?? '',
    });

/** Folders that a volume would hide: of the system, of the interpreter, of the worker and of the project. */
const neededFolders =
  /^\/(?:app|bin|boot|etc|home|lib\w*|media|mnt|opt|root|run|sbin|srv|tmp|usr|var)?$|^\/usr\/(?:local\/)?(?:bin|include|lib\w*|local|sbin|share)$|^\/app\/project$|^\/(?:app\/worker|dev|proc|sys|var\/gcd)(?:\/|$)/;
const licenceFolder = 'must be the absolute path of a folder for the licence only, such as /root/mosek';

/** Absolute path of a folder in a container, in which a volume is mounted. Kubernetes allows no colon in it. */
export const containerFolder = () =>
  matching(/^\//, licenceFolder).refine((path) => {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    return (
      hasNoControl(path) &&
      !/:/.test(path) &&
      !parts.includes('..') &&
      !neededFolders.test(`/${parts.join('/')}`)
    );
  }, licenceFolder);

const amount = (of: string, min: string, example: string) => {
  const message = `must be an amount of ${of} of at least ${min}, such as ${example}`;
  return matching(quantityPattern, message)
    .refine((given) => (parseQuantity(given) ?? 0) >= (parseQuantity(min) ?? 0), message)
    .refine((given) => (parseQuantity(given) ?? 0) <= maxBytes, 'is more than any machine has');
};

/** Integers are exact up to here. */
export const maxBytes = Number.MAX_SAFE_INTEGER;

export const memory = () => amount('memory', minimum.memory, '512Mi or 2Gi');

export const disk = () => amount('disk', minimum.disk, '500Mi or 20Gi');

const minimum = { memory: '32Mi', disk: '1Mi' } as const;
export const minBytes = {
  memory: parseQuantity(minimum.memory) ?? 0,
  disk: parseQuantity(minimum.disk) ?? 0,
};

/** Tags that gcd-sfn sets itself. */
const ownTag = /^(?:gcd-sfn:|managedBy$|project$)/;

/** Name of an AWS tag that a user may set. */
export const tag = () =>
  z
    .string()
    .refine(
      (name) => tagName.test(name) && !ownTag.test(name),
      'is not a valid tag name: 1 to 128 letters, digits, spaces and _.:/=+-@; project, managedBy, aws:… and gcd-sfn:… are reserved',
    );

/** Value of an AWS tag. */
export const tagText = () =>
  z
    .string('must be a text, a number, or true or false')
    .refine(
      (value) => tagValue.test(value),
      'must be a valid tag value: up to 256 letters, digits, spaces and _.:/=+-@, not starting with aws:',
    );

/** Names to values; AWS's limit leaves room for the tags of gcd-sfn and EKS. */
export const tags = <Value extends z.ZodType<string>>(name: z.ZodString, value: Value) =>
  z
    .record(name, value, 'must be a mapping of names to texts')
    .refine(
      (given) => Object.keys(given).length <= tagLimits.tags,
      `has more than ${tagLimits.tags} tags: AWS accepts 50, including those of its own services`,
    );

/** Names to texts. */
export const texts = (name: z.ZodString, message: string) =>
  z.record(name, z.string('must be a text, a number, or true or false'), message);

/** Environment variables. */
export const environment = () =>
  texts(
    matching(
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      'is not a valid name of an environment variable: use letters, digits and _',
    ),
    'must be a mapping of names to texts',
  );

/** Merged into a worker's pod. */
export const podPatch = () =>
  z
    .record(z.string(), z.unknown(), 'must be a mapping, as in a Kubernetes pod')
    .superRefine((pod, context) => {
      for (const { path, message } of podFaults(pod)) context.addIssue({ code: 'custom', path, message });
    });

const address = String.raw`[^\s@:]+@[^\s@]+\.[^\s@]+`;
const topicArn = String.raw`arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}`;
const exactly = (...sources: string[]) => new RegExp(`^(?:${sources.join('|')})$`);

export const mailAddress = () => matching(exactly(address), 'must be an e-mail address');
export const topic = () => matching(exactly(topicArn), 'must be the ARN of an SNS topic');
/** An e-mail address or the ARN of an SNS topic. */
export const recipient = () =>
  matching(exactly(address, topicArn), 'must be an e-mail address or the ARN of an SNS topic');

export const endpoint = () =>
  text().refine(
    (given) => URL.canParse(given) && ['http:', 'https:'].includes(new URL(given).protocol),
    'must be a URL such as https://minio.example.org:9000',
  );

const lineOrNone = 'must be auto, none, or the number of a line, from 1 to 1000000';
const commentMessage = 'must be auto, none, or the start of a comment, such as "#"';

export const tableHeader = () =>
  z.union(
    [z.enum(['auto', 'none']), z.int(lineOrNone).min(1, lineOrNone).max(1_000_000, lineOrNone)],
    lineOrNone,
  );

export const tableComment = () => text().min(1, commentMessage).max(10, commentMessage);

export const tableEncoding = () =>
  z
    .string('must be auto or the name of an encoding, such as utf-8 or cp1252')
    .refine(
      (name) => name === 'auto' || encodingOf(name) !== undefined,
      'must be auto or the name of an encoding, such as utf-8, utf-16, cp1252 or shift_jis',
    );

export const linkInside = () =>
  matching(
    /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$)).+$/,
    'must be the path of a link inside the project folder, relative to it',
  );
