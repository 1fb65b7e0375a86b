/** The policies of the template's roles, with the ARNs that their references have in an account. */
import { list, ofType, type Template } from '../stack/template.ts';

export const place = { region: 'us-east-1', account: '123456789012', stack: 'gcd-sfn' };

/** ARNs of what statements name, by its type; `#` stands for region and account. */
const formats: Record<string, string> = {
  'AWS::CodeBuild::Project': 'codebuild:#:project/',
  'AWS::ECR::Repository': 'ecr:#:repository/',
  'AWS::IAM::Role': 'iam::123456789012:role/',
  'AWS::Lambda::Function': 'lambda:#:function:',
  'AWS::S3::Bucket': 's3:::',
  'AWS::SNS::Topic': 'sns:#:',
  'AWS::StepFunctions::StateMachine': 'states:#:stateMachine:',
};

/** The ARN of a part of the stack, by its name in the template. */
export function arnOf(template: Template, part: string): string {
  const { Type, Properties } = template.Resources[part] ?? {};
  const given = ['Name', 'FunctionName', 'StateMachineName', 'RepositoryName', 'LogGroupName', 'RoleName']
    .map((key) => Properties?.[key])
    .find((value) => value !== undefined);
  const name = given === undefined ? part.toLowerCase() : String(filledIn(template, given));
  if (Type === 'AWS::Logs::LogGroup') return arn(`logs:#:log-group:${name}:*`);
  return arn(`${formats[Type ?? ''] ?? 'unknown:#:'}${name}`);
}

const arn = (rest: string) => `arn:aws:${rest.replace('#', `${place.region}:${place.account}`)}`;

/** A value of the template without references. */
export function filledIn(template: Template, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => filledIn(template, one));
  if (typeof value !== 'object' || value === null) return value;
  const {
    Ref,
    'Fn::Sub': text,
    'Fn::GetAtt': attribute,
    'Fn::If': either,
  } = value as Record<string, string & string[]>;
  // As long as nobody has set a parameter.
  if (either !== undefined) return filledIn(template, either[2]);
  const pseudo: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::Region': place.region,
    'AWS::AccountId': place.account,
    'AWS::StackName': place.stack,
  };
  const idOf = (part: string) => pseudo[part] ?? arnOf(template, part).split(/[:/]/).at(-1) ?? part;
  // Of a topic, CloudFormation's Ref is its ARN.
  if (Ref !== undefined)
    return template.Resources[Ref]?.Type === 'AWS::SNS::Topic' ? arnOf(template, Ref) : idOf(Ref);
  if (attribute !== undefined) return arnOf(template, attribute[0] ?? '');
  if (text !== undefined)
    return String(list(text)[0]).replaceAll(/\$\{([\w:]+)(\.Arn)?\}/g, (_, part, isArn) =>
      isArn ? arnOf(template, part) : idOf(part),
    );
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(template, one)]));
}

/** A policy for people, by its name in the template. */
export const policyForPeople = (template: Template, name: string): unknown =>
  filledIn(template, template.Resources[name]?.Properties.PolicyDocument);

/** The inline policies of a role, and AWS's own that it has, by their names. */
export function policiesOf(template: Template, role: string): { inline: unknown[]; managed: string[] } {
  const { Properties } =
    ofType(template, 'AWS::IAM::Role').find(([name]) => name === role)?.[1] ??
    (() => {
      throw new Error(`there is no role ${role}`);
    })();
  return {
    inline: list(Properties.Policies ?? []).map(({ PolicyDocument }: { PolicyDocument: unknown }) =>
      filledIn(template, PolicyDocument),
    ),
    managed: list(Properties.ManagedPolicyArns ?? []).map((one) => String(filledIn(template, one))),
  };
}
