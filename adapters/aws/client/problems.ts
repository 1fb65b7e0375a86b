/** Why AWS does not give machines, clusters and what belongs to them: from its codes and sentences to ours. */
import { AlreadyThere, GcdError, UsageError } from '../../../core/errors/errors.ts';
import { errorOf, type Problem } from '../../../core/errors/problem.ts';
import { type Asked, translated } from './errors.ts';

/** The first that fits says what kind it is. Codes of EC2, EKS and its health checks, and sentences of Auto Scaling. */
const kinds: [Problem['kind'], RegExp][] = [
  [
    'quota',
    /(?<!Request|Rate|Bandwidth)LimitExceeded|Max ?Spot ?Instance ?Count ?Exceeded|QuotaExceeded|current vCPU limit|maximum number of/i,
  ],
  [
    'capacity',
    /Insufficient(Instance|Host|Cluster)?Capacity|UnfulfillableCapacity|SpotMaxPriceTooLow|InsufficientFreeAddresses|sufficient \S+ capacity|no Spot capacity|not supported in your requested Availability Zone/i,
  ],
  // Neither of them goes away by waiting, nor by rights. PendingVerification, of new accounts, does within minutes.
  ['account', /not eligible for Free Tier|OptInRequired|NotSubscribed|account is currently blocked/i],
  ['request', /Volume of size \S+ is smaller than\s+snapshot/i],
  [
    'policy',
    /AccessDenied|UnauthorizedOperation|not authorized|RoleNotFound|InstanceProfileNotFound|KmsKey|KmsGrant|Client error on launch|StsRegionalEndpointDisabled/i,
  ],
];

/** @param code as AWS names it; empty when there is only a sentence */
export function problemOf(code: string, message: string): Problem {
  const said = [code, message].filter((part) => part !== '').join(': ');
  const kind = kinds.find(([, pattern]) => pattern.test(said))?.[0] ?? 'other';
  return { kind, message: said };
}

interface Issue {
  code?: string;
  message?: string;
  resourceIds?: string[];
}

/** What EKS's health checks found. */
export const problemsOf = (issues: Issue[] = []): Problem[] =>
  issues.map(({ code = '', message = '', resourceIds = [] }) =>
    problemOf(code, resourceIds.length > 0 ? `${message} (${resourceIds.slice(0, 3).join(', ')})` : message),
  );

interface SdkError {
  name?: string;
  message?: string;
}

export const nameOf = (error: unknown): string => (error as SdkError)?.name ?? '';

/** EKS, IAM and EC2 each have their own name for it. */
export const isNotThere = (error: unknown): boolean =>
  /^(ResourceNotFoundException|NoSuchEntity\w*|InvalidInstanceID\.NotFound|InvalidLaunchTemplate(Id|Name)\.NotFound\w*)$/.test(
    nameOf(error),
  );

/** It is there already, or is being changed right now. */
export const isInUse = (error: unknown): boolean => nameOf(error) === 'ResourceInUseException';

const alreadyThere =
  /^(ResourceInUseException|InvalidLaunchTemplateName\.AlreadyExists\w*|AlreadyExists\w*|IdempotentParameterMismatch)$/;
const wrong =
  /^(InvalidParameter\w*|InvalidRequestException|ValidationError|UnsupportedAvailabilityZone\w*)$/;

/**
 * Ours for whatever a service of machines threw.
 * @returns also AlreadyThere, QuotaExceeded, CapacityUnavailable, and UsageError for what AWS says is wrongly asked
 */
export function cloudError(error: unknown, asked: Asked): GcdError {
  if (error instanceof GcdError) return error;
  const { name = '', message = '' } = (error ?? {}) as SdkError;
  const { kind } = problemOf(name, '');
  if (kind === 'quota' || kind === 'capacity')
    return Object.assign(errorOf({ kind, message: `${asked.what}: ${name}: ${message}` }), { cause: error });
  if (alreadyThere.test(name)) return new AlreadyThere(`there is a ${asked.what} already`, { cause: error });
  if (wrong.test(name))
    return new UsageError(`AWS does not take what is asked for ${asked.what} (${asked.action}): ${message}`, {
      cause: error,
    });
  return translated(error, asked);
}

/** Asks, and has every error as ours. */
export async function ask<Answer>(asked: Asked, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    throw cloudError(error, asked);
  }
}

/** Asks for one thing; undefined when it is not there. */
export async function askFor<Answer>(asked: Asked, send: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await send();
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw cloudError(error, asked);
  }
}
