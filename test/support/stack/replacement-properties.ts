/**
 * Properties whose change replaces a resource, of the types that have names of their own in the stack, or on which runs
 * and data stand: "Update requires: Replacement" in
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const replacing: Readonly<Record<string, string[]>> = {
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 'StateMachineType'],
  'AWS::EC2::SecurityGroup': ['GroupName', 'GroupDescription', 'VpcId'],
  'AWS::EC2::VPC': ['CidrBlock'],
  'AWS::EC2::Subnet': ['AvailabilityZone', 'AvailabilityZoneId', 'CidrBlock', 'VpcId'],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateName'],
  'AWS::CodeBuild::Project': ['Name'],
  'AWS::Scheduler::ScheduleGroup': ['Name'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::IAM::InstanceProfile': ['InstanceProfileName', 'Path'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::ECR::Repository': ['RepositoryName', 'EncryptionConfiguration'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
};
