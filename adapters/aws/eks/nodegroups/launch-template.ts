/** Launch templates of nodegroups: disk, tags and metadata options, which EKS cannot set on instances otherwise. */
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type EC2Client,
  type RequestLaunchTemplateData,
  type ResourceType,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { NodegroupSpec } from '../../../../ports/cluster/nodegroups.ts';
import type { RequestContext } from '../../client/errors.ts';
import { send, sendOptional } from '../../client/send.ts';
import { clusterTag, tagList } from '../../client/tags.ts';

/** The name of a nodegroup's launch template. */
export const launchTemplateName = (cluster: string, nodegroup: string): string =>
  `gcd-${cluster}-${nodegroup}`;

/**
 * EKS adds its own part. `singleProcessOOMKill`: with control groups v2, the kernel otherwise ends all processes of a
 * container for one that uses too much memory, the agent included. The kubelet knows it from 1.32 on; an older one ignores it.
 * https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/#nodeconfig, https://github.com/kubernetes/kubernetes/pull/126096
 */
const nodeConfig = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="gcd"

--gcd
Content-Type: application/node.eks.aws

---
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    config:
      singleProcessOOMKill: true

--gcd--
`;

/** Amazon Linux 2023's. */
const rootDevice = '/dev/xvda';
const tagged: ResourceType[] = ['instance', 'volume', 'network-interface'];

/**
 * Creates the launch template of a nodegroup from the stack's, or a new version of it.
 * @param base id of the stack's
 */
export async function putLaunchTemplate(
  ec2: EC2Client,
  base: string,
  wanted: NodegroupSpec,
): Promise<{ id: string; version: string }> {
  const name = launchTemplateName(wanted.cluster, wanted.name);
  const tags = nodeTags(wanted);
  const LaunchTemplateData = dataOf(await read(ec2, base), wanted, tags);
  const existing = await sendOptional(
    contextOf('DescribeLaunchTemplates', name),
    ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] })),
  );
  const id = existing?.LaunchTemplates?.[0]?.LaunchTemplateId;
  if (id !== undefined) return newVersion(ec2, name, { id, data: LaunchTemplateData });
  const created = await sendOptional(
    contextOf('CreateLaunchTemplate', name),
    ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: name,
        LaunchTemplateData,
        TagSpecifications: [{ ResourceType: 'launch-template', Tags: tags }],
      }),
    ),
    'exists',
  );
  // A concurrent call for the same nodegroup was faster.
  if (!created) return putLaunchTemplate(ec2, base, wanted);
  return { id: created.LaunchTemplate?.LaunchTemplateId ?? '', version: '1' };
}

async function newVersion(
  ec2: EC2Client,
  name: string,
  { id, data }: { id: string; data: RequestLaunchTemplateData },
): Promise<{ id: string; version: string }> {
  const { LaunchTemplateVersion } = await send(
    contextOf('CreateLaunchTemplateVersion', name),
    ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData: data })),
  );
  return { id, version: String(LaunchTemplateVersion?.VersionNumber ?? '$Latest') };
}

async function read(ec2: EC2Client, LaunchTemplateId: string): Promise<RequestLaunchTemplateData> {
  const { LaunchTemplateVersions } = await send(
    contextOf('DescribeLaunchTemplateVersions', LaunchTemplateId),
    ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ['$Default'] })),
  );
  // Answers and requests have the same fields, but for those that `dataOf` replaces.
  return (LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {}) as RequestLaunchTemplateData;
}

const nodeTags = ({ cluster, name, tags }: NodegroupSpec): Tag[] =>
  tagList({ ...tags, [clusterTag]: cluster, Name: `${cluster}-${name}` });

function dataOf(
  base: RequestLaunchTemplateData,
  { diskGiB }: NodegroupSpec,
  tags: Tag[],
): RequestLaunchTemplateData {
  const [disk] = base.BlockDeviceMappings ?? [];
  return {
    ...base,
    BlockDeviceMappings: [
      {
        DeviceName: disk?.DeviceName ?? rootDevice,
        Ebs: {
          VolumeType: 'gp3',
          ...disk?.Ebs,
          VolumeSize: diskGiB,
          Encrypted: true,
          DeleteOnTermination: true,
        },
      },
    ],
    UserData: base.UserData ?? Buffer.from(nodeConfig).toString('base64'),
    // One hop: pods cannot reach the node's identity.
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    TagSpecifications: tagged.map((ResourceType) => {
      const own = base.TagSpecifications?.find((one) => one.ResourceType === ResourceType)?.Tags ?? [];
      return { ResourceType, Tags: joined(own, tags) };
    }),
  };
}

/** Each key once: the last value counts. */
const joined = (...lists: Tag[][]): Tag[] => [
  ...new Map(lists.flat().map((tag): [string | undefined, Tag] => [tag.Key, tag])).values(),
];

const contextOf = (verb: string, name: string): RequestContext => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:launch-template/*',
  what: `launch template ${name}`,
});
