/** Port 22 of the group SSH-ONLY: open for one address while somebody debugs, else for nobody. */
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  type EC2Client,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { ask, nameOf } from './cloud-problems.ts';
import type { Asked } from './errors.ts';

const port = 22;

const from = ({ CidrIpv4, CidrIpv6, ReferencedGroupInfo }: SecurityGroupRule): string =>
  CidrIpv4 ?? CidrIpv6 ?? ReferencedGroupInfo?.GroupId ?? '';

export class SshDoor {
  readonly #ec2: EC2Client;
  readonly #group: string;

  constructor(ec2: EC2Client, group: string) {
    this.#ec2 = ec2;
    this.#group = group;
  }

  async open(address: string): Promise<void> {
    const Description = 'gcd-sfn debug';
    const range = address.includes(':')
      ? { Ipv6Ranges: [{ CidrIpv6: address, Description }] }
      : { IpRanges: [{ CidrIp: address, Description }] };
    const IpPermissions: IpPermission[] = [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...range }];
    await ask(this.#asked('AuthorizeSecurityGroupIngress'), () =>
      this.#ec2
        .send(new AuthorizeSecurityGroupIngressCommand({ GroupId: this.#group, IpPermissions }))
        .catch((error) => {
          if (nameOf(error) !== 'InvalidPermission.Duplicate') throw error;
        }),
    );
  }

  /** Whoever opened it. @param address null: whatever lets somebody in */
  async close(address: string | null): Promise<{ closed: string[]; stillOpen: string[] }> {
    const { SecurityGroupRules = [] } = await ask(this.#asked('DescribeSecurityGroupRules'), () =>
      this.#ec2.send(
        new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [this.#group] }] }),
      ),
    );
    const open = SecurityGroupRules.filter(({ IsEgress }) => !IsEgress);
    const going = open.filter((rule) => address === null || from(rule) === address);
    const ids = going.map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
    if (ids.length > 0)
      await ask(this.#asked('RevokeSecurityGroupIngress'), () =>
        this.#ec2
          .send(new RevokeSecurityGroupIngressCommand({ GroupId: this.#group, SecurityGroupRuleIds: ids }))
          .catch((error) => {
            if (!/^InvalidSecurityGroupRuleId\.NotFound|^InvalidPermission\.NotFound/.test(nameOf(error)))
              throw error;
          }),
      );
    const stillOpen = open.filter((rule) => !going.includes(rule));
    return { closed: going.map(from), stillOpen: stillOpen.map(from) };
  }

  #asked(verb: string): Asked {
    return {
      action: `ec2:${verb}`,
      arn: verb.startsWith('Describe') ? '*' : `arn:aws:ec2:*:*:security-group/${this.#group}`,
      what: `security group SSH-ONLY (${this.#group})`,
    };
  }
}
