/** Launch templates of nodegroups. The stack's own belongs to no cluster, and goes with the stack. */
import {
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, clusterTag, isOurs, type Part, pages, seconds, tagsOf } from './resource-kind.ts';

export function launchTemplatesPart(ec2: EC2Client, stack: string): Part {
  const isThere = async (name: string): Promise<boolean> => {
    const found = await ask(asked('DescribeLaunchTemplates', name), () =>
      ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] })),
    );
    return Boolean(found?.LaunchTemplates?.length);
  };

  return {
    async list() {
      const Filters = [{ Name: 'tag:managedBy', Values: ['gcd-sfn'] }];
      const found = await pages(
        asked('DescribeLaunchTemplates', '*'),
        (NextToken) => ec2.send(new DescribeLaunchTemplatesCommand({ Filters, NextToken })),
        ({ LaunchTemplates, NextToken }) => ({ items: LaunchTemplates, next: NextToken }),
      );
      const resources: Resource[] = [];
      for (const { LaunchTemplateName: name = '', CreateTime, Tags } of found) {
        const tags = tagsOf(Tags);
        const cluster = tags[clusterTag];
        if (cluster !== undefined && isOurs(tags, stack))
          resources.push({ kind: 'launch-template', name, cluster, since: seconds(CreateTime) });
      }
      return resources;
    },

    state: async ({ name }) => ((await isThere(name)) ? 'there' : 'gone'),

    async remove({ name }) {
      if (!(await isThere(name))) return;
      await askGone(asked('DeleteLaunchTemplate', name), () =>
        ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: name })),
      );
    },
  };
}

const asked = (verb: string, name: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:launch-template/*',
  what: name === '*' ? 'launch templates' : `launch template ${name}`,
});
