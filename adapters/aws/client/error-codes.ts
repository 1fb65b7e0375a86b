/** What AWS's error codes and messages mean, each service's in one place. */
import type { Problem } from '../../../core/errors/problem.ts';

interface SdkError {
  name?: string;
  code?: string;
  message?: string;
  /** S3's own code, where the SDK does not know the error. */
  Code?: string;
  $metadata?: { httpStatusCode?: number };
  $retryable?: { throttling?: boolean };
}

/** @returns an object also for what is no error at all */
export const sdkErrorOf = (error: unknown): SdkError => (error ?? {}) as SdkError;

/**
 * What a request may meet that is no failure for its caller:
 * - `not-found`: the thing does not exist,
 * - `parent-not-found`: what it would be in does not exist, such as its bucket,
 * - `exists`: a thing of that name exists, such as one that a concurrent call has made,
 * - `in-use`: something else uses or changes it at the moment.
 */
export type Condition = 'not-found' | 'parent-not-found' | 'exists' | 'in-use';

type Codes = Partial<Record<Condition, RegExp>>;

const eks: Codes = {
  'not-found': /^ResourceNotFoundException$/,
  exists: /^ResourceInUseException$/,
  'in-use': /^ResourceInUseException$/,
};

/** By service, as IAM abbreviates it. */
const codes: Record<string, Codes> = {
  // Auto Scaling has no code of its own for a missing group or instance.
  autoscaling: { 'not-found': /^ValidationError$/, 'in-use': /^ScalingActivityInProgress\w*$/ },
  ec2: {
    'not-found': /^Invalid\w+\.NotFound\w*$/,
    exists: /^(InvalidLaunchTemplateName\.AlreadyExists\w*|Invalid\w+\.Duplicate)$/,
    'in-use': /^(DependencyViolation|Invalid\w+\.InUse)$/,
  },
  ecr: { 'not-found': /^ImageNotFoundException$/, 'parent-not-found': /^RepositoryNotFoundException$/ },
  eks,
  iam: { 'not-found': /^NoSuchEntity\w*$/ },
  logs: { 'not-found': /^ResourceNotFoundException$/, 'in-use': /^OperationAborted\w*$/ },
  s3: { 'not-found': /^(NotFound|NoSuchKey)$/, 'parent-not-found': /^NoSuchBucket$/ },
  scheduler: { 'not-found': /^ResourceNotFoundException$/, exists: /^ConflictException$/ },
  servicequotas: { 'not-found': /^NoSuchResourceException$/ },
  sqs: {
    'not-found': /(^|\.)(QueueDoesNotExist|NonExistentQueue)$/,
    exists: /(^|\.)(QueueNameExists|QueueAlreadyExists)$/,
    'in-use': /(^|\.)QueueDeletedRecently$/,
  },
  // An instance that does not run, or does not answer Systems Manager yet, is not known to it.
  ssm: { 'not-found': /^(InvalidInstanceId|InvocationDoesNotExist)$/ },
  states: { 'not-found': /^(ExecutionDoesNotExist|ResourceNotFound)$/, exists: /^ExecutionAlreadyExists$/ },
};

/** @param action the request, as IAM names it: `eks:DescribeCluster` */
export function meets(error: unknown, action: string, condition: Condition): boolean {
  const { name = '', message = '' } = sdkErrorOf(error);
  // CloudFormation has no code of its own for a missing stack.
  if (action.startsWith('cloudformation:') && condition === 'not-found')
    return name === 'ValidationError' && /does not exist/.test(message);
  return codes[action.split(':')[0] ?? '']?.[condition]?.test(name) ?? false;
}

/** Services that make clusters and machines; they pass on each other's codes. */
const computeServices = new Set(['autoscaling', 'ec2', 'eks', 'iam', 'ssm']);
export const isCompute = (action: string): boolean => computeServices.has(action.split(':')[0] ?? '');

/** Of those services: a thing of that name exists, or is being changed. */
export const alreadyExists =
  /^(ResourceInUseException|InvalidLaunchTemplateName\.AlreadyExists\w*|AlreadyExists\w*|IdempotentParameterMismatch)$/;
/** Of those services: the request itself is wrong. */
export const wrongRequest =
  /^(InvalidParameter\w*|InvalidRequestException|ValidationError|UnsupportedAvailabilityZone\w*)$/;

export const badCredentials = new Set([
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
/** Some services send these with another status than 403. */
export const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
]);
export const throttled =
  /^(SlowDown|Throttl\w*|RequestLimitExceeded|TooManyRequests\w*|BandwidthLimitExceeded|ServiceUnavailable)$/;
/** The bucket is in another region. */
export const redirected = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'IllegalLocationConstraintException',
]);
/** The key is disabled, about to be deleted, or deleted; S3 says so with status 400. */
export const unusableKey = /^KMS\.(DisabledException|KMSInvalidStateException|NotFoundException)$/;

/** Codes of EC2, EKS and its health checks, and sentences of Auto Scaling. The first that matches counts. */
const problemKinds: [Problem['kind'], RegExp][] = [
  [
    'quota',
    /(?<!Request|Rate|Bandwidth)LimitExceeded|Max ?Spot ?Instance ?Count ?Exceeded|QuotaExceeded|current vCPU limit|maximum number of/i,
  ],
  [
    'capacity',
    /Insufficient(Instance|Host|Cluster)?Capacity|UnfulfillableCapacity|SpotMaxPriceTooLow|InsufficientFreeAddresses|sufficient \S+ capacity|no Spot capacity|not supported in your requested Availability Zone/i,
  ],
  // Neither passes by waiting or with more permissions. PendingVerification, of new accounts, passes within minutes.
  ['account', /not eligible for Free Tier|OptInRequired|NotSubscribed|account is currently blocked/i],
  ['request', /Volume of size \S+ is smaller than\s+snapshot/i],
  [
    'policy',
    /AccessDenied|UnauthorizedOperation|not authorized|RoleNotFound|InstanceProfileNotFound|KmsKey|KmsGrant|Client error on launch|StsRegionalEndpointDisabled/i,
  ],
];

/** Why AWS does not give machines. @param code empty when there is only a sentence */
export function problemOf(code: string, message: string): Problem {
  const text = [code, message].filter((part) => part !== '').join(': ');
  const kind = problemKinds.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
  return { kind, message: text };
}

interface HealthIssue {
  code?: string;
  message?: string;
  resourceIds?: string[];
}

/** Results of EKS's health checks. */
export const problemsOf = (issues: HealthIssue[] = []): Problem[] =>
  issues.map(({ code = '', message = '', resourceIds = [] }) =>
    problemOf(code, resourceIds.length > 0 ? `${message} (${resourceIds.slice(0, 3).join(', ')})` : message),
  );
