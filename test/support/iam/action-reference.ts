/** What IAM knows of actions and resources, to judge the template's roles by. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of CloudFormation and of IAM
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lintPython } from '../../../scripts/stack-linters.ts';
import { list, type Template } from '../stack/template.ts';

export interface Action {
  /** `Read`, `List`, `Write`, `Tagging` or `Permissions management`. */
  access: string;
  /** Formats of the ARNs of what it is about; none: it takes no resource. */
  resources: string[];
}

/** @returns by their names; null for what the linter's copy of AWS's reference does not know */
export function actionsOf(names: string[]): Record<string, Action | null> {
  const script = fileURLToPath(new URL('iam-actions.py', import.meta.url));
  const { stdout, stderr } = spawnSync(lintPython, [script, ...names], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

/** ARNs of what statements name by `Fn::GetAtt` or `Ref`, by its type; every name in it is `x`. */
const arns: Record<string, string> = {
  'AWS::CodeBuild::Project': 'arn:p:codebuild:r:a:project/x',
  'AWS::ECR::Repository': 'arn:p:ecr:r:a:repository/x',
  'AWS::IAM::Role': 'arn:p:iam::a:role/x',
  'AWS::Lambda::Function': 'arn:p:lambda:r:a:function:x',
  'AWS::Logs::LogGroup': 'arn:p:logs:r:a:log-group:x:*',
  'AWS::S3::Bucket': 'arn:p:s3:::x',
  'AWS::SNS::Topic': 'arn:p:sns:r:a:x',
};

/** A statement's resource with names in place of references. */
export function named(template: Template, resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, 'Fn::Sub': text, 'Fn::GetAtt': [name] = [], 'Fn::If': either } = Object(resource);
  // Where a parameter is set; where it is not, another policy of the same role says so.
  if (either !== undefined) return named(template, either[2]);
  const arnOf = (of: string) =>
    template.Parameters?.[of]?.Default ?? arns[template.Resources[of]?.Type ?? ''] ?? of;
  if (text === undefined) return arnOf(Ref ?? name);
  return String(text)
    .replace(/\$\{(\w+)\.Arn\}/g, (_, of) => arnOf(of))
    .replace('${AWS::Partition}', 'p')
    .replace('${AWS::Region}', 'r')
    .replace('${AWS::AccountId}', 'a')
    .replaceAll(/\$\{[\w:]+\}/g, 'x');
}

/** Whether a statement's resource can be what the action is about. */
export function isFor(action: Action, resource: string): boolean {
  if (action.resources.length === 0) return resource === '*';
  const pattern = (text: string) =>
    new RegExp(`^${text.replaceAll(/[.+?^()[\]\\|]/g, '\\$&').replaceAll('*', '.*')}$`);
  return action.resources.some((format) => {
    const sample = format
      .replace('${Partition}', 'p')
      .replace('${Region}', 'r')
      .replace('${Account}', 'a')
      .replaceAll(/\$\{\w+\}/g, 'x');
    const open = format
      .replace('${Partition}', 'p')
      .replace('${Region}', '[^:]*')
      .replace('${Account}', '[^:]*')
      .replaceAll(/\$\{\w+\}/g, '.+');
    return pattern(resource).test(sample) || new RegExp(`^${open}$`).test(resource);
  });
}

export const resourcesOf = (template: Template, { Resource }: { Resource: unknown }): string[] =>
  list(Resource as unknown[] | unknown).map((one) => named(template, one));
