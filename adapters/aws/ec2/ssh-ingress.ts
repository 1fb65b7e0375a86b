/** Port 22 of the group SSH-ONLY: a rule lets in one address, and its tag says until when. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import type { SshIngress, SshRule } from '../../../ports/cluster/ssh-ingress.ts';
import type { Asked } from '../client/errors.ts';
import { ask, nameOf } from '../client/problems.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';
import { leaseText, secondsOfLease } from './lease-tag.ts';

const port = 22;
/** On a rule: when it is to go. */
const untilTag = 'gcd-sfn:until';

const addressOf = ({ CidrIpv4, CidrIpv6, ReferencedGroupInfo, PrefixListId }: SecurityGroupRule): string =>
  CidrIpv4 ?? CidrIpv6 ?? ReferencedGroupInfo?.GroupId ?? PrefixListId ?? '';
const untilOf = ({ Tags = [] }: SecurityGroupRule): number | null =>
  secondsOfLease(Tags.find(({ Key }) => Key === untilTag)?.Value) ?? null;

export class Ec2SshIngress implements SshIngress {
  readonly #ec2: EC2Client;
  readonly #group: string;

  constructor({ access, securityGroupId }: { access: AwsAccess; securityGroupId: string }) {
    this.#ec2 = new EC2Client(clientSettings(access));
    this.#group = securityGroupId;
  }

  async rules(): Promise<SshRule[]> {
    return (await this.#rules()).map((rule) => ({ address: addressOf(rule), until: untilOf(rule) }));
  }

  async open(address: string, until: number): Promise<void> {
    const Tags = [
      { Key: 'managedBy', Value: 'gcd-sfn' },
      { Key: untilTag, Value: leaseText(until) },
    ];
    const open = new AuthorizeSecurityGroupIngressCommand({
      GroupId: this.#group,
      IpPermissions: [
        {
          ...{ IpProtocol: 'tcp', FromPort: port, ToPort: port },
          IpRanges: [{ CidrIp: address, Description: 'gcd-sfn debug' }],
        },
      ],
      // With the rule itself: a laptop that dies in between leaves none without an end.
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }],
    });
    const isNew = await ask(this.#asked('AuthorizeSecurityGroupIngress'), () =>
      this.#ec2.send(open).then(
        () => true,
        (error) => {
          if (nameOf(error) !== 'InvalidPermission.Duplicate') throw error;
          return false;
        },
      ),
    );
    if (!isNew) await this.extend(address, until);
  }

  async extend(address: string, until: number): Promise<boolean> {
    const rules = (await this.#rules()).filter((rule) => addressOf(rule) === address);
    const Resources = rules
      .filter((rule) => (untilOf(rule) ?? 0) < until)
      .map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
    const Tags = [{ Key: untilTag, Value: leaseText(until) }];
    if (Resources.length > 0)
      await ask(this.#asked('CreateTags'), () =>
        this.#ec2.send(new CreateTagsCommand({ Resources, Tags })).catch((error) => {
          // Closed a moment ago.
          if (!/NotFound$/.test(nameOf(error))) throw error;
        }),
      );
    return rules.length > 0;
  }

  async close(addresses: string[]): Promise<void> {
    const going = (await this.#rules()).filter((rule) => addresses.includes(addressOf(rule)));
    const ids = going.map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
    if (ids.length === 0) return;
    await ask(this.#asked('RevokeSecurityGroupIngress'), () =>
      this.#ec2
        .send(new RevokeSecurityGroupIngressCommand({ GroupId: this.#group, SecurityGroupRuleIds: ids }))
        .catch((error) => {
          if (!/^InvalidSecurityGroupRuleId\.NotFound|^InvalidPermission\.NotFound/.test(nameOf(error)))
            throw error;
        }),
    );
  }

  /** Whoever made them. */
  async #rules(): Promise<SecurityGroupRule[]> {
    const { SecurityGroupRules = [] } = await ask(this.#asked('DescribeSecurityGroupRules'), () =>
      this.#ec2.send(
        new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [this.#group] }] }),
      ),
    );
    return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress);
  }

  #asked(verb: string): Asked {
    return {
      action: `ec2:${verb}`,
      arn: verb.startsWith('Describe') ? '*' : `arn:aws:ec2:*:*:security-group/${this.#group}`,
      what: `security group SSH-ONLY (${this.#group})`,
    };
  }
}
