/** Readable name of the person behind an ARN. */

/**
 * `anna` for an IAM user; `anna@lab.org` for a single sign-on session, whose role many people share; `role/session` for
 * other roles. @param arn undefined: not recorded
 */
export function personOf(arn: string | undefined): string {
  if (arn === undefined) return 'somebody';
  const [kind, ...rest] = arn.slice(arn.lastIndexOf(':') + 1).split('/');
  const last = rest.at(-1);
  if (last === undefined) return kind || 'somebody';
  if (kind !== 'assumed-role' || rest[0]?.startsWith('AWSReservedSSO_')) return last;
  return rest.join('/');
}

/** `anna (3), ben (1)`, highest count first. */
export function peopleOf(arns: (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const arn of arns) counts.set(personOf(arn), (counts.get(personOf(arn)) ?? 0) + 1);
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || a.localeCompare(b, 'en'))
    .map(([person, runs]) => `${person} (${runs})`)
    .join(', ');
}
