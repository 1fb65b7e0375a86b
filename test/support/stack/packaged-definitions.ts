/** The definitions of the state machines as they are packaged. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of CloudFormation
import { readTemplate } from './template.ts';

export const machines = [
  { id: 'RunMachine', name: 'run' },
  { id: 'CleanUpMachine', name: 'cleanup' },
] as const;

const { Resources } = readTemplate();

/** With references of CloudFormation in it. @param id a machine's name in the template */
export const textOf = (id: string): string => Resources[id]?.Properties.DefinitionString['Fn::Sub'];

/** What CloudFormation puts there, with made-up names. */
export const filled = (text: string): string =>
  text
    .replaceAll(/\$\{(\w+)LambdaFunction\.Arn\}/g, 'arn:aws:lambda:eu-west-1:123456789012:function:$1')
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::Region}', 'eu-west-1')
    .replaceAll('${AWS::AccountId}', '123456789012')
    .replaceAll('${AWS::StackName}', 'stack')
    .replaceAll('${ImageProject}', 'stack-image');
