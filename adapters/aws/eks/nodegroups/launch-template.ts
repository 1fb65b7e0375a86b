/** The launch templates of nodegroups: what EKS does not pass on to machines by itself. */
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
import type { Asked } from '../../client/errors.ts';
import { ask, askFor, cloudError, nameOf } from '../../client/problems.ts';

/** What a nodegroup's launch template is called; removed with the rest of the cluster's things. */
export const nodeTemplateName = (cluster: string, nodegroup: string): string => `gcd-${cluster}-${nodegroup}`;

/** Of Amazon Linux 2023. */
const rootDevice = '/dev/xvda';
const tagged: ResourceType[] = ['instance', 'volume', 'network-interface'];

/**
 * Makes the template of a nodegroup from the stack's: a new one, or another version of the one that is there.
 * @param base id of the stack's
 */
export async function makeNodeTemplate(
  ec2: EC2Client,
  base: string,
  wanted: NodegroupSpec,
): Promise<{ id: string; version: string }> {
  const name = nodeTemplateName(wanted.cluster, wanted.name);
  const tags = nodeTags(wanted);
  const LaunchTemplateData = dataOf(await read(ec2, base), wanted, tags);
  const there = await askFor(templateAsked('DescribeLaunchTemplates', name), () =>
    ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] })),
  );
  const id = there?.LaunchTemplates?.[0]?.LaunchTemplateId;
  if (id !== undefined) return newVersion(ec2, name, { id, data: LaunchTemplateData });
  try {
    const { LaunchTemplate } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: name,
        LaunchTemplateData,
        TagSpecifications: [{ ResourceType: 'launch-template', Tags: tags }],
      }),
    );
    return { id: LaunchTemplate?.LaunchTemplateId ?? '', version: '1' };
  } catch (error) {
    // Another run was faster, and makes the same nodegroup: it has the name.
    if (nameOf(error).startsWith('InvalidLaunchTemplateName.AlreadyExists'))
      return makeNodeTemplate(ec2, base, wanted);
    throw cloudError(error, templateAsked('CreateLaunchTemplate', name));
  }
}

async function newVersion(
  ec2: EC2Client,
  name: string,
  { id, data }: { id: string; data: RequestLaunchTemplateData },
): Promise<{ id: string; version: string }> {
  const { LaunchTemplateVersion } = await ask(templateAsked('CreateLaunchTemplateVersion', name), () =>
    ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData: data })),
  );
  return { id, version: String(LaunchTemplateVersion?.VersionNumber ?? '$Latest') };
}

async function read(ec2: EC2Client, LaunchTemplateId: string): Promise<RequestLaunchTemplateData> {
  const { LaunchTemplateVersions } = await ask(
    templateAsked('DescribeLaunchTemplateVersions', LaunchTemplateId),
    () => ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ['$Default'] })),
  );
  // Whatever can be answered can be asked for, but for what `dataOf` replaces.
  return (LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {}) as RequestLaunchTemplateData;
}

const nodeTags = ({ cluster, name, tags }: NodegroupSpec): Tag[] =>
  Object.entries({ ...tags, 'gcd-sfn:cluster': cluster, Name: `${cluster}-${name}` }).map(([Key, Value]) => ({
    Key,
    Value,
  }));

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
    // One hop: the machine's own identity is out of the reach of pods.
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    TagSpecifications: tagged.map((ResourceType) => {
      const own = base.TagSpecifications?.find((one) => one.ResourceType === ResourceType)?.Tags ?? [];
      return { ResourceType, Tags: joined(own, tags) };
    }),
  };
}

/** All of them, each key once: what comes later counts. */
const joined = (...lists: Tag[][]): Tag[] => [
  ...new Map(lists.flat().map((tag): [string | undefined, Tag] => [tag.Key, tag])).values(),
];

const templateAsked = (verb: string, name: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:launch-template/*',
  what: `launch template ${name}`,
});
