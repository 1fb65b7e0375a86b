/** Renders a CloudFormation change set. */

import { plural } from '../../../core/format/numbers.ts';
import type { StackChange } from '../../../ports/account/deployment.ts';

/** Names listed in one line; the rest is counted. */
const maxNames = 4;

/** A line for each kind of change and resource type, deletions first. */
export function renderChangeSet(changes: StackChange[]): string[] {
  const groups = new Map<string, StackChange[]>();
  for (const change of changes) {
    const key = `${change.what} ${change.type}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const order: StackChange['what'][] = ['remove', 'replace', 'perhaps replace', 'change', 'add'];
  const place = ([first]: StackChange[]) => order.indexOf(first?.what ?? 'add');
  return [...groups.values()]
    .sort((a, b) => place(a) - place(b) || b.length - a.length)
    .map((same) => {
      const [{ what, type }] = same as [StackChange];
      const names = same.map(({ resource }) => resource).filter((name) => name !== '');
      const rest = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
      const shown = names.length === 0 ? '' : `: ${names.slice(0, maxNames).join(', ')}${rest}`;
      return `  ${what} ${same.length} ${shortType(type)}${shown}`;
    });
}

/** The resources of a new stack in one line: `42 resources: 9 IAM Roles, 8 Lambda Functions, …`. */
export function summarizeResources(changes: StackChange[]): string {
  const counts = new Map<string, number>();
  for (const { type } of changes) counts.set(type, (counts.get(type) ?? 0) + 1);
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const shown = kinds.slice(0, maxNames).map(([type, number]) => plural(number, shortType(type)));
  const rest = kinds.slice(maxNames).reduce((sum, [, number]) => sum + number, 0);
  return `${plural(changes.length, 'resource')}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** `EC2 VPC` for `AWS::EC2::VPC`. */
export const shortType = (type: string): string => type.replace(/^AWS::/, '').replaceAll('::', ' ');
