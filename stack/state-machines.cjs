/**
 * The definitions of state-machines/ for serverless-step-functions, which turns `#{Name}` into a CloudFormation
 * reference. CommonJS, because serverless loads nothing else.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('yaml');

/** Placeholders for other resources than functions. */
const others = { ImageProject: '#{ImageProject}' };

function definition(name) {
  const text = readFileSync(join(__dirname, '../state-machines', `${name}.asl.yaml`), 'utf8');
  return JSON.parse(JSON.stringify(parse(text, { merge: true })), (_, value) => {
    if (typeof value !== 'string') return value;
    return value
      .replace(/^\$\{(\w+)\}$/, (_whole, of) => others[of] ?? functionArn(of))
      .replace(/^arn:aws:states:::/, 'arn:#{AWS::Partition}:states:::');
  });
}

/** EnsureEnvironment belongs to local runs: an execution on AWS skips it, but needs a resource for it. */
const functionArn = (name) =>
  name === 'EnsureEnvironment'
    ? 'arn:#{AWS::Partition}:lambda:#{AWS::Region}:#{AWS::AccountId}:function:#{AWS::StackName}-EnsureEnvironment'
    : `#{${name}LambdaFunction.Arn}`;

/** Errors only: an execution's history has the rest, and users' data stay out of logs. */
const logging = (logs) => ({
  level: 'ERROR',
  includeExecutionData: false,
  destinations: [{ 'Fn::GetAtt': [logs, 'Arn'] }],
});

/** An execution ends before its licence file expires by a rule of the bucket (stack/storage.yml). */
const longestRun = 13 * 24 * 3600;

const machine = (id, name) => ({
  id,
  role: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] },
  type: 'STANDARD',
  definition: { ...definition(name), TimeoutSeconds: longestRun },
  loggingConfig: logging(`${id}Logs`),
});

module.exports = () => ({
  RunMachine: machine('RunMachine', 'run'),
  CleanUpMachine: machine('CleanUpMachine', 'cleanup'),
});
