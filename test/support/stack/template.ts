/** The packaged stack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const packageFolder = process.env.GCD_STACK_PACKAGE as string;

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the template's shape is what is tested
  Properties: any;
  DependsOn?: string[];
  UpdateReplacePolicy?: string;
}

export interface Template {
  Parameters?: Record<string, { Default?: string }>;
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown; Export?: unknown }>;
}

export const templatePath: string = join(packageFolder, 'cloudformation-template-update-stack.json');

export const readTemplate = (): Template => JSON.parse(readFileSync(templatePath, 'utf8'));

/** Resources of a type, by their names in the template. */
export const ofType = ({ Resources }: Template, type: string): [string, Resource][] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

export interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

export interface Granted extends Statement {
  role: string;
}

export const list = <Item>(value: Item | Item[]): Item[] => (Array.isArray(value) ? value : [value]);

/** What each role's own policies say, and each of the policies for people. */
export const statementsOf = (template: Template): Granted[] => [...ofRoles(template), ...ofPeople(template)];

const ofPeople = (template: Template): Granted[] =>
  ofType(template, 'AWS::IAM::ManagedPolicy').flatMap(([role, { Properties }]) =>
    list(Properties.PolicyDocument.Statement).map((statement: Statement) => ({ ...statement, role })),
  );

const ofRoles = (template: Template): Granted[] =>
  ofType(template, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
    list(Properties.Policies ?? [])
      .flatMap(({ PolicyDocument }: { PolicyDocument: { Statement: Statement | Statement[] } }) =>
        list(PolicyDocument.Statement),
      )
      .map((statement) => ({ ...statement, role })),
  );
