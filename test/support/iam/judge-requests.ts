/**
 * Evaluates requests to moto as IAM would, conditions included, by `@cloud-copilot/iam-simulate`, which knows actions, resources
 * and condition keys from AWS's service authorization reference.
 */
import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';

/** The role or user that signed a request, from test/moto/required_permissions/request_caller.py. */
export interface Caller {
  /** An ARN of STS or IAM. */
  principal: string;
  /** The role's own ARN, or the user's. */
  role: string;
  policies: unknown[];
  /** A policy of the session, which bounds what the role may do; null: none. */
  session: unknown;
}

/** One authorization check of IAM. */
export interface RequiredPermission {
  /** The request that requires it, such as `eks:CreateNodegroup`. */
  operation: string;
  action: string;
  /** `*` for an action without resources. */
  resource: string;
  context: Record<string, string | string[]>;
  /** A bucket's own policy. */
  resourcePolicy?: unknown;
}

const account = '123456789012';

/** @returns undefined when it is allowed; else why not */
export async function refusal(caller: Caller, required: RequiredPermission): Promise<string | undefined> {
  const { action, resource, context, resourcePolicy } = required;
  const policies = caller.policies.map((policy, number) => ({ name: `policy-${number}`, policy }));
  const simulation: Simulation = {
    request: {
      principal: caller.principal,
      action,
      resource: { resource, accountId: account },
      contextVariables: {
        'aws:PrincipalArn': caller.role,
        'aws:PrincipalAccount': account,
        'aws:ResourceAccount': account,
        // On AWS all requests come by TLS; to moto they do not.
        'aws:SecureTransport': 'true',
        ...context,
      },
    },
    identityPolicies: policies,
    sessionPolicy: caller.session ?? undefined,
    resourcePolicy: resourcePolicy ?? keyPolicy(resource),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  // Parameters that everybody may read are nobody's account's, of which the reference knows nothing.
  if (/^arn:[^:]+:ssm:[^:]*::parameter\/aws\//.test(resource)) {
    const result: string = runUnsafeSimulation(simulation, {});
    return result === 'Allowed' ? undefined : result;
  }
  const judged = await runSimulation(simulation, {});
  if (judged.resultType === 'error') return `cannot be judged: ${JSON.stringify(judged.errors)}`;
  // An action on everything that takes a resource: nobody has said which.
  if (judged.resultType === 'wildcard')
    return 'cannot be judged: test/moto/required_permissions does not say its resource';
  return judged.overallResult === 'Allowed' ? undefined : judged.overallResult;
}

/** A key that was made without a policy leaves it to the account's IAM: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const keyPolicy = (resource: string) =>
  resource.startsWith('arn:aws:kms:')
    ? {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      }
    : undefined;

/** Who may do everything: nothing is found out by judging. */
const isAdministrator = ({ policies, session }: Caller) =>
  session === null &&
  policies.some((policy) =>
    [(policy as { Statement: unknown }).Statement]
      .flat()
      .map((one) => one as Record<string, unknown>)
      .some(
        ({ Effect, Action, Resource, Condition }) =>
          Effect === 'Allow' && Action === '*' && Resource === '*' && Condition === undefined,
      ),
  );

/** All that IAM would have refused of what a server has let through, a line each. */
export async function refusals(endpoint: string): Promise<string[]> {
  const answer = await fetch(`${endpoint}/_requests/permissions`);
  const { callers, required } = (await answer.json()) as {
    callers: Caller[];
    required: (RequiredPermission & { caller: number })[];
  };
  const lines = new Set<string>();
  for (const one of required) {
    const caller = callers[one.caller] as Caller;
    if (isAdministrator(caller)) continue;
    const why = await refusal(caller, one);
    const on = `${one.action} on ${one.resource} ${JSON.stringify(one.context)}`;
    if (why) lines.add(`${caller.role.split('/').at(-1)}: ${on} (for ${one.operation}): ${why}`);
  }
  return [...lines];
}
