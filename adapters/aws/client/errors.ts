/** From what an AWS SDK throws to the errors of the ports. */
import type { DataAccess } from '../../../core/config/config.ts';
import {
  AccessDenied,
  AlreadyThere,
  GcdError,
  NotFound,
  Throttled,
  Unreachable,
} from '../../../core/errors/errors.ts';

/** What was asked of AWS. */
export interface Asked {
  /** As IAM names it: `s3:GetObject`. */
  action: string;
  /** The ARN that a policy would name. */
  arn: string;
  /** How a person would name what it was for: `a.csv in s3://bucket`. */
  what: string;
  /** Where it is about one. */
  bucket?: string;
  /** Where that is one that somebody else may have: how it was asked. */
  data?: DataAccess;
}

interface SdkError {
  name?: string;
  code?: string;
  message?: string;
  Code?: string;
  $metadata?: { httpStatusCode?: number };
  $retryable?: { throttling?: boolean };
}

const badCredentials = new Set([
  'AuthFailure',
  'AuthorizationHeaderMalformed',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
]);
/** What services say besides AccessDenied; some of them with another status than 403. */
const refusals = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
]);
const throttles =
  /^(SlowDown|Throttl\w*|RequestLimitExceeded|TooManyRequests\w*|BandwidthLimitExceeded|ServiceUnavailable)$/;
const otherRegion = new Set(['PermanentRedirect', 'TemporaryRedirect', 'IllegalLocationConstraintException']);

const giveCredentials = [
  'Give credentials of your AWS account in one of these ways:',
  '- AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or in a file .env in the current folder',
  '  (temporary ones need AWS_SESSION_TOKEN, too)',
  '- a profile in ~/.aws: aws configure; AWS_PROFILE says which one',
  '- single sign-on: aws sso login',
].join('\n');

const reads = new Set(['s3:GetObject', 's3:ListBucket']);
const wantsKey = /\bkms:(?:Decrypt|GenerateDataKey)\b/;

/** What somebody must do for this to be allowed. @param message what AWS said */
function howToAllow({ action, arn, bucket, data }: Asked, message: string): string[] {
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

/** Ours for whatever the SDK threw. Errors that are ours already stay as they are. */
export function translated(error: unknown, asked: Asked): GcdError {
  if (error instanceof GcdError) return error;
  const { name = '', code = '', message = '', Code, $metadata, $retryable } = (error ?? {}) as SdkError;
  const status = $metadata?.httpStatusCode;
  const is = (kind: string) => name === kind || Code === kind;
  const said = `${name}${message && message !== name ? `: ${message}` : ''}`;
  const isKnown = message !== '' && message !== 'UnknownError';
  const { action, what, bucket } = asked;

  if (is('NoSuchBucket'))
    return new NotFound(`there is no bucket ${bucket}`, {
      hint: 'Correct data_bucket in config.yaml; `aws s3 ls` shows your buckets.',
      cause: error,
    });
  // The latter: somebody else is writing it right now.
  if (is('PreconditionFailed') || status === 412 || is('ConditionalRequestConflict'))
    return new AlreadyThere(`there is a ${what} already`, { cause: error });
  if ([name, Code ?? ''].some((kind) => badCredentials.has(kind)))
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
  // Disabled, about to be deleted, or gone; S3 says so with status 400.
  if (/^KMS\.(DisabledException|KMSInvalidStateException|NotFoundException)$/.test(Code ?? name))
    return new AccessDenied(`${what} is encrypted with a key that cannot be used (${said})`, {
      hint: 'Whoever manages the key must enable it, or take it back from deletion.',
      cause: error,
    });
  if (status === 403 || refusals.has(name) || refusals.has(Code ?? ''))
    return new AccessDenied(`not allowed: ${action} on ${what}${isKnown ? ` (${said})` : ''}`, {
      hint: howToAllow(asked, message).join('\n'),
      cause: error,
    });
  if ($retryable?.throttling || status === 429 || throttles.test(name) || throttles.test(Code ?? ''))
    return new Throttled(`AWS asks for fewer requests: ${action} on ${what} (${said})`, {
      hint: 'Try again later.',
      cause: error,
    });
  // Last of the answers, because a redirect, too, may carry any name.
  if (status === 301 || status === 307 || otherRegion.has(name))
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
