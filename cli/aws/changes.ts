/** What CloudFormation would do to the stack, in lines. */
import type { StackChange } from '../../ports/account/deployment.ts';
import { count } from '../view/units.ts';

/** Names of one line; more are counted. */
const most = 4;

/** A line for each kind of change and of resource, those that are lost first. */
export function changeLines(changes: StackChange[]): string[] {
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
      const rest = names.length > most ? ` and ${names.length - most} more` : '';
      const shown = names.length === 0 ? '' : `: ${names.slice(0, most).join(', ')}${rest}`;
      return `  ${what} ${same.length} ${kind(type)}${shown}`;
    });
}

/** Those of a new stack, which are all added, in a line. */
export function contents(changes: StackChange[]): string {
  const counts = new Map<string, number>();
  for (const { type } of changes) counts.set(type, (counts.get(type) ?? 0) + 1);
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const shown = kinds.slice(0, most).map(([type, number]) => count(number, kind(type)));
  const rest = kinds.slice(most).reduce((sum, [, number]) => sum + number, 0);
  return `${count(changes.length, 'resource')}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** `AWS::EC2::VPC` as people say it. */
export const kind = (type: string): string => type.replace(/^AWS::/, '').replaceAll('::', ' ');
