/** From what an AWS SDK throws to our errors, with what the user must do. */
import type { DataAccess } from '../../../core/config/config.ts';
import {
  AccessDenied,
  AlreadyThere,
  GcdError,
  NotFound,
  Throttled,
  Unreachable,
  UsageError,
} from '../../../core/errors/errors.ts';
import { errorOf } from '../../../core/errors/problem.ts';
import * as codes from './error-codes.ts';

/** What a request is about, for error messages. */
export interface RequestContext {
  /** As IAM names it: `s3:GetObject`. */
  action: string;
  /** The ARN that a policy would name. */
  arn: string;
  /** As a user would name it: `a.csv in s3://bucket`. */
  what: string;
  /** For requests about a bucket. */
  bucket?: string;
  /** For a bucket that may be somebody else's: how it is accessed. */
  data?: DataAccess;
}

const giveCredentials = [
  'Give credentials of your AWS account in one of these ways:',
  '- AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or in a file .env in the current folder',
  '  (temporary ones need AWS_SESSION_TOKEN, too)',
  '- a profile in ~/.aws: aws configure; AWS_PROFILE says which one',
  '- single sign-on: aws sso login',
].join('\n');

const reads = new Set(['s3:GetObject', 's3:ListBucket']);
const wantsKey = /\bkms:(?:Decrypt|GenerateDataKey)\b/;

/** What somebody must do to allow the request. @param message AWS's */
function howToAllow({ action, arn, bucket, data }: RequestContext, message: string): string[] {
  const missing = wantsKey.exec(message)?.[0];
  const key = /\barn:aws[a-z-]*:kms:[^\s"]+/.exec(message)?.[0] ?? `ARN of the key of bucket ${bucket}`;
  const statement = { Effect: 'Allow', Action: missing ?? action, Resource: missing ? key : arn };
  const lines = data?.unsigned
    ? []
    : [
        'Whoever manages the AWS account must add this to the permissions of your user or role:',
        JSON.stringify(statement).replaceAll(/([:,])(?=")/g, '$1 '),
      ];
  if (missing) return [...lines, "The key's own policy must allow the same."];
  if (!data || !reads.has(action)) return lines;
  if (data.unsigned)
    return [`Bucket ${bucket} is not public, or this object is not: remove data_unsigned from config.yaml.`];
  return [
    ...lines,
    `When bucket ${bucket} is another account's, its owner must allow it in the bucket's policy, too.`,
    ...(data.requesterPays
      ? []
      : ['When its readers have to pay, write data_requester_pays: true into config.yaml;']),
    'when it is public and only refuses you, data_unsigned: true. More: docs/data-in-s3.md',
  ];
}

/**
 * The error of ours for whatever the SDK threw; one of ours stays as it is.
 * @returns for services that make clusters and machines also AlreadyThere, QuotaExceeded, CapacityUnavailable and UsageError
 */
export function errorFor(error: unknown, context: RequestContext): GcdError {
  if (error instanceof GcdError) return error;
  return (
    (codes.isCompute(context.action) && computeErrorFor(error, context)) || generalErrorFor(error, context)
  );
}

function computeErrorFor(error: unknown, { what, action }: RequestContext): GcdError | undefined {
  const { name = '', message = '' } = codes.sdkErrorOf(error);
  const { kind } = codes.problemOf(name, '');
  if (kind === 'quota' || kind === 'capacity')
    return Object.assign(errorOf({ kind, message: `${what}: ${name}: ${message}` }), { cause: error });
  if (codes.alreadyExists.test(name)) return new AlreadyThere(`there is a ${what} already`, { cause: error });
  if (codes.wrongRequest.test(name))
    return new UsageError(`AWS refuses the request for ${what} (${action}): ${message}`, {
      cause: error,
    });
  return undefined;
}

function generalErrorFor(error: unknown, context: RequestContext): GcdError {
  const { name = '', code = '', message = '', Code, $metadata, $retryable } = codes.sdkErrorOf(error);
  const status = $metadata?.httpStatusCode;
  const is = (kind: string) => name === kind || Code === kind;
  const isIn = (kinds: Set<string>) => kinds.has(name) || kinds.has(Code ?? '');
  const said = `${name}${message && message !== name ? `: ${message}` : ''}`;
  const isKnown = message !== '' && message !== 'UnknownError';
  const { action, what, bucket } = context;

  if (is('NoSuchBucket'))
    return new NotFound(`there is no bucket ${bucket}`, {
      hint: 'Correct data_bucket in config.yaml; `aws s3 ls` shows your buckets.',
      cause: error,
    });
  // The last: another client is writing it at the moment.
  if (is('PreconditionFailed') || status === 412 || is('ConditionalRequestConflict'))
    return new AlreadyThere(`there is a ${what} already`, { cause: error });
  if (isIn(codes.badCredentials))
    return new Unreachable(`AWS does not take the credentials, or there are none (${said})`, {
      hint: giveCredentials,
      cause: error,
    });
  if (is('RequestTimeTooSkewed'))
    return new Unreachable("AWS refuses requests from this machine because the machine's clock is wrong", {
      hint: 'Set the clock.',
      cause: error,
    });
  if (is('InvalidObjectState'))
    return new AccessDenied(`${what} is archived and cannot be read as it is`, {
      hint: 'Restore it first (aws s3api restore-object), or leave it out with file_pattern.',
      cause: error,
    });
  if (codes.unusableKey.test(Code ?? name))
    return new AccessDenied(`${what} is encrypted with a key that cannot be used (${said})`, {
      hint: 'Whoever manages the key must enable it, or take it back from deletion.',
      cause: error,
    });
  if (status === 403 || isIn(codes.denied))
    return new AccessDenied(`not allowed: ${action} on ${what}${isKnown ? ` (${said})` : ''}`, {
      hint: howToAllow(context, message).join('\n'),
      cause: error,
    });
  if (
    $retryable?.throttling ||
    status === 429 ||
    codes.throttled.test(name) ||
    codes.throttled.test(Code ?? '')
  )
    return new Throttled(`AWS asks for fewer requests: ${action} on ${what} (${said})`, {
      hint: 'Try again later.',
      cause: error,
    });
  // After the others: a redirect may carry any name.
  if (status === 301 || status === 307 || codes.redirected.has(name))
    return new Unreachable(`bucket ${bucket} is in another region`, {
      hint: "Write the bucket's region into config.yaml, such as region: us-west-2",
      cause: error,
    });
  if (status === 404) return new NotFound(`there is no ${what}`, { cause: error });
  return new Unreachable(`${what} cannot be reached (${action}): ${said || code || 'no answer'}`, {
    hint:
      status === undefined
        ? 'Check the network: name resolution, firewall, proxy; and AWS_ENDPOINT_URL, where it is set.'
        : 'Try again; when it persists, AWS says why at https://health.aws.amazon.com',
    cause: error,
  });
}
