/**
 * The definitions of state-machines/, as serverless-step-functions takes them: it makes `#{Name}` a reference of
 * CloudFormation's. CommonJS, because serverless reads no other.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('yaml');

/** What stands for something else than a function. */
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

/** The environment of local runs is a state that an execution on AWS passes by, but has to name. */
const functionArn = (name) =>
  name === 'EnsureEnvironment'
    ? 'arn:#{AWS::Partition}:lambda:#{AWS::Region}:#{AWS::AccountId}:function:#{AWS::StackName}-EnsureEnvironment'
    : `#{${name}LambdaFunction.Arn}`;

/** Errors only: an execution's own history has the rest, and data of users stays out of logs. */
const logging = (logs) => ({
  level: 'ERROR',
  includeExecutionData: false,
  destinations: [{ 'Fn::GetAtt': [logs, 'Arn'] }],
});

/** An execution ends before its licence file does, which a rule of the bucket removes (stack/storage.yml). */
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
