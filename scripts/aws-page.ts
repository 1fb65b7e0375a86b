/**
 * Writes the tables of docs/aws.md from the packaged template: node scripts/aws-page.ts
 * What each thing is for stands in scripts/aws-reasons.ts, what it costs comes from scripts/aws-costs.ts.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costs, prices } from './aws-costs.ts';
import { purposes, reasons } from './aws-reasons.ts';
import { packageStack } from './package-stack.ts';

interface Statement {
  Sid: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}
interface Role {
  Description: string;
  AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: string } }] };
  /** A list, or what CloudFormation makes one of. */
  ManagedPolicyArns?: unknown[] | object;
  Policies?: { PolicyDocument: { Statement: Statement[] } }[];
}
export interface Template {
  Resources: Record<string, { Type: string; Properties: unknown }>;
}

const page = new URL('../docs/aws.md', import.meta.url);
/** More are counted: each function has one. */
const namesShown = 6;
const code = (text: string) => `\`${text}\``;
const list = <Item>(value: Item | Item[]): Item[] => (Array.isArray(value) ? value : [value]);

function known<Value>(words: Record<string, Value>, name: string): Value {
  const found = words[name];
  if (found === undefined) throw new Error(`scripts/aws-reasons.ts has no words for ${name}`);
  return found;
}

/** A value of the template as a person reads it: ARNs without account and region. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Sub': text, 'Fn::GetAtt': [name] = [], 'Fn::If': either } = Object(value);
  if (either !== undefined) return shown(either[1]);
  return String(text ?? Ref ?? name)
    .replace(/^arn:\$\{AWS::Partition\}:(\w+):(\$\{AWS::Region\})?:(\$\{AWS::AccountId\})?:/, '$1:')
    .replace(/\$\{AWS::StackName\}/, 'STACK')
    .replace(/\$\{(\w+)\.Arn\}/, '$1');
}

function resources({ Resources }: Template): string {
  const byType = Map.groupBy(Object.entries(Resources), ([, { Type }]) => Type);
  const rows = [...byType]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, members]) => {
      const [purpose, idle] = known(purposes, type);
      const names =
        members.length > namesShown ? `${members.length}` : members.map(([name]) => code(name)).join(', ');
      return `| ${type.replace('AWS::', '').replace('::', ' ')} | ${names} | ${purpose} | ${idle} |`;
    });
  return [
    '| kind | names in the template | what for | what it costs idle; and used |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function permissions({ Resources }: Template): string {
  const rows = Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .flatMap(([name, { Properties }]) => {
      const role = Properties as Role;
      const service = role.AssumeRolePolicyDocument.Statement[0].Principal.Service;
      const head = `| **${name}**: ${role.Description.toLowerCase().replace(/\beks\b/, 'EKS')} | taken by ${code(service)} | |`;
      const given = role.ManagedPolicyArns ?? [];
      const managed = Array.isArray(given)
        ? given.map((arn) => `| | AWS's policy ${code(shown(arn).replace(/.*\//, ''))} | what EKS asks for |`)
        : [
            '| | the policies that the parameter `PodPolicyArns` names | what the account gives the code of users |',
          ];
      const own = (role.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map(row));
      return [head, ...managed, ...own];
    });
  return ['| role | may | why |', '|---|---|---|', ...rows].join('\n');
}

function row({ Sid, Action, Resource }: Statement): string {
  const where = list(Resource)
    .map((one) => code(shown(one)))
    .join(', ');
  return `| | ${list(Action).map(code).join(', ')} on ${where} | ${known(reasons, Sid)} |`;
}

/** The policies for people: the researcher's with what it has beside the reader's. */
function people({ Resources }: Template): string {
  const statements = (name: string) =>
    (known(Resources, name).Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument
      .Statement;
  const ofReader = new Set(statements('ReaderPolicy').map(({ Sid }) => Sid));
  return [
    ...['| policy | may | why |', '|---|---|---|', '| **ReaderPolicy** | | |'],
    ...statements('ReaderPolicy').map(row),
    '| **ResearcherPolicy** | all that the reader may, and | |',
    ...statements('ResearcherPolicy')
      .filter(({ Sid }) => !ofReader.has(Sid))
      .map(row),
  ].join('\n');
}

/** The page with its tables made anew. */
export function awsPage(text: string, template: Template): string {
  const parts: Record<string, string> = {
    resources: resources(template),
    permissions: permissions(template),
    people: people(template),
    prices: prices(),
    costs: costs(),
  };
  return text.replace(
    /(<!-- (\w+): made by node scripts\/aws-page\.ts -->\n)[\s\S]*?(\n<!-- end -->)/g,
    (_, before, name, after) => `${before}\n${known(parts, name)}\n${after}`,
  );
}

export const readPage = (): string => readFileSync(page, 'utf8');

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-stack-'));
  try {
    packageStack(folder);
    const template = JSON.parse(
      readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8'),
    );
    writeFileSync(page, awsPage(readPage(), template));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
