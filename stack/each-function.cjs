/**
 * Generates what every function of functions.yml has, from its name and its statements in permissions/: its own role, a log
 * group that is created before it and deleted with the stack, and a name with the stack's. CommonJS, because serverless
 * loads nothing else.
 */
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const files = ['runs', 'cluster', 'workers', 'end'];

module.exports = async ({ resolveVariable }) => {
  const functions = await resolveVariable('file(stack/functions.yml)');
  const parts = await Promise.all(
    files.map((file) => resolveVariable(`file(stack/permissions/${file}.yml)`)),
  );
  const permissions = Object.assign({}, ...parts);
  const tags = await resolveVariable('self:custom.tags');
  const names = Object.keys(functions);
  const without = names.filter((name) => !permissions[name]);
  if (without.length > 0) throw new Error(`stack/permissions/ says nothing of ${without.join(', ')}`);
  const resources = names.flatMap((name) => [
    [`${name}Role`, role(name, permissions[name], tags)],
    [`${name}Logs`, logs(name, tags)],
  ]);
  const extensions = names.map((name) => [`${name}LambdaFunction`, named(name, tags)]);
  const given = names.map((name) => [name, { ...functions[name], role: `${name}Role`, disableLogs: true }]);
  return {
    functions: Object.fromEntries(given),
    resources: { Resources: Object.fromEntries(resources), extensions: Object.fromEntries(extensions) },
  };
};

function role(name, { does, policies, may = [] }, Tags) {
  const log = {
    Sid: 'WritesItsLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: { 'Fn::GetAtt': [`${name}Logs`, 'Arn'] },
  };
  const Statement = [log, ...may.map(({ Sid, ...rest }) => ({ Sid, Effect: 'Allow', ...rest }))];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: does,
      AssumeRolePolicyDocument: trust,
      ...(policies && { ManagedPolicyArns: policies }),
      Policies: [{ PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement } }],
      Tags,
    },
  };
}

const logs = (name, Tags) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: {
    LogGroupName: { 'Fn::Sub': `/aws/lambda/\${AWS::StackName}-${name}` },
    RetentionInDays: 30,
    Tags,
  },
});

const named = (name, Tags) => ({
  DependsOn: [`${name}Logs`],
  Properties: { FunctionName: { 'Fn::Sub': `\${AWS::StackName}-${name}` }, Tags },
});
