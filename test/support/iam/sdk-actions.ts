/** What sources ask of AWS, as IAM calls it: by the commands and paginators of the SDK that they import. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../cli/project.ts';

const services: Record<string, string> = {
  'auto-scaling': 'autoscaling',
  'cloudwatch-logs': 'logs',
  'service-quotas': 'servicequotas',
  sfn: 'states',
};
/** Where a request is called otherwise than its permission. */
const actionOf: Record<string, string> = {
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:UploadPart': 's3:PutObject',
  's3:CompleteMultipartUpload': 's3:PutObject',
};
/** Actions that a source file requests by its commands and paginators. */
export const actionsIn = (file: string): string[] =>
  actionsInText(readFileSync(join(packageRoot, file), 'utf8'));

/** The same for source text, or for a bundle to which the SDK is external. */
export function actionsInText(source: string): string[] {
  const imports = source.matchAll(/import (?!type)\{([^}]*)\} from ['"]@aws-sdk\/client-([\w-]+)['"]/g);
  return [...imports].flatMap(([, names = '', client = '']) =>
    names.split(',').flatMap((name) => {
      // A bundler may import one name several times, each under a name of its own.
      const [, command, paged] = /^\s*(?:(\w+)Command|paginate(\w+))\b/.exec(name) ?? [];
      if (!command && !paged) return [];
      const action = `${services[client] ?? client}:${command ?? paged}`;
      return actionOf[action] ?? action;
    }),
  );
}
