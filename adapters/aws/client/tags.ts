/** The tags on everything that gcd-sfn makes, and by which it knows its own things. */

export const managedByTag = 'managedBy';
const managedBy = 'gcd-sfn';
export const stackTag = 'gcd-sfn:stack';
export const clusterTag = 'gcd-sfn:cluster';
/** On queues and identities: whose they are. */
export const executionTag = 'gcd-sfn:execution';
/** On a bastion: its name. */
export const bastionTag = 'gcd-sfn:bastion';
/** On a bastion while somebody debugs: until when, as `leaseText` writes it. */
export const debuggingTag = 'gcd-sfn:debugging';
/** On a rule that lets in an address: until when, as `leaseText` writes it. */
export const untilTag = 'gcd-sfn:until';
/** On an access entry: the id of the role that it was made for; a role that was recreated has another. */
export const roleIdTag = 'gcd-sfn:role-id';
/** On a cluster: the digest of the Kubernetes objects that were applied; versions of gcd-sfn differ in them. */
export const namespaceTag = 'gcd-sfn:namespace';

export type Tags = Record<string, string | undefined>;

export const managedByUs = { [managedByTag]: managedBy };

/** For things of a stack. */
export const stackTags = (stack: string) => ({ ...managedByUs, [stackTag]: stack });

export const isManagedByUs = (tags: Tags = {}): boolean => tags[managedByTag] === managedBy;

/** Whether something is the stack's. What names no stack was made when an account could have only one. */
export const isOfStack = (tags: Tags, stack: string): boolean =>
  isManagedByUs(tags) && (tags[stackTag] ?? stack) === stack;

/** EC2's filter for the same, but for the stack. */
export const managedByUsFilter = { Name: `tag:${managedByTag}`, Values: [managedBy] };

/** From the list that EC2, CloudFormation and others answer. */
export const tagsFromList = (list: { Key?: string; Value?: string }[] = []): Tags =>
  Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));

/** To that list. */
export const tagList = (tags: Record<string, string>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The end of a lease as a tag holds it: ISO 8601, readable in the console. @param seconds since 1970 */
export const leaseText = (seconds: number): string =>
  new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');

/** @returns seconds since 1970; undefined for what is no time */
export function secondsOfLease(text: string | undefined): number | undefined {
  const milliseconds = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text ?? '') ? Date.parse(text ?? '') : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** @returns seconds since 1970; null when AWS does not say */
export const secondsOf = (date: Date | undefined): number | null => (date ? date.getTime() / 1000 : null);
