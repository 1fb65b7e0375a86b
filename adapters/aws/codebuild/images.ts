/** Images of projects in ECR, built by CodeBuild. An image's tag is the digest of what it is made from. */
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild';
import { BatchDeleteImageCommand, DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { buildOf } from '../../../core/platform.ts';
import type { BuildStatus, ImageSpec, Images } from '../../../ports/cluster/images.ts';
import { answered, answeredUnless } from '../client/answers.ts';
import type { Asked } from '../client/errors.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';
import { phaseLine, writtenLines } from './build-log.ts';

export interface CodeBuildImagesOptions {
  access: AwsAccess;
  repository: { name: string; uri: string };
  /** CodeBuild's project. */
  project: string;
}

/** Builds of a digest are looked for among the newest of the project: so many pages of a hundred. */
const pagesOfBuilds = 5;
const linesKept = 50;
/** Around the lines of the programs, CodeBuild writes each command up to three times. */
const linesRead = 500;

export class CodeBuildImages implements Images {
  readonly #repository: { name: string; uri: string };
  readonly #project: string;
  readonly #registry: ECRClient;
  readonly #builder: CodeBuildClient;
  readonly #logs: CloudWatchLogsClient;

  constructor({ access, repository, project }: CodeBuildImagesOptions) {
    this.#repository = repository;
    this.#project = project;
    this.#registry = new ECRClient(clientSettings(access));
    this.#builder = new CodeBuildClient(clientSettings(access));
    this.#logs = new CloudWatchLogsClient(clientSettings(access));
  }

  /** By its tag, which the repository lets nobody write again. */
  async find(digest: string): Promise<string | undefined> {
    const { name, uri } = this.#repository;
    const found = await answeredUnless(
      ['ImageNotFoundException'],
      this.#askedOfImage('ecr:DescribeImages', digest),
      this.#registry.send(
        new DescribeImagesCommand({ repositoryName: name, imageIds: [{ imageTag: digest }] }),
      ),
    );
    return found?.imageDetails?.length ? `${uri}:${digest}` : undefined;
  }

  async status(digest: string): Promise<BuildStatus> {
    const build = await this.#newestBuild(digest);
    if (!build) return { state: 'none' };
    if (build.buildStatus === 'IN_PROGRESS') return { state: 'building' };
    if (build.buildStatus === 'SUCCEEDED') return { state: 'succeeded' };
    return { state: 'failed', lines: await this.#lastLines(build) };
  }

  /** As the state BuildImage of the definition does it. */
  async build({ digest, source, platform }: ImageSpec): Promise<void> {
    if ((await this.find(digest)) !== undefined) return;
    if ((await this.status(digest)).state === 'building') return;
    const { type, image } = buildOf(platform);
    await answered(
      this.#askedOfProject('codebuild:StartBuild'),
      this.#builder.send(
        new StartBuildCommand({
          projectName: this.#project,
          sourceTypeOverride: 'S3',
          sourceLocationOverride: source,
          environmentTypeOverride: type,
          imageOverride: image,
          environmentVariablesOverride: [
            { name: 'IMAGE_DIGEST', value: digest },
            { name: 'IMAGE_PLATFORM', value: platform },
          ],
        }),
      ),
    );
  }

  async remove(digest: string): Promise<void> {
    // An image that is not there is among the answer's failures, which is as good.
    await answered(
      this.#askedOfImage('ecr:BatchDeleteImage', digest),
      this.#registry.send(
        new BatchDeleteImageCommand({
          repositoryName: this.#repository.name,
          imageIds: [{ imageTag: digest }],
        }),
      ),
    );
  }

  async #newestBuild(digest: string): Promise<Build | undefined> {
    let nextToken: string | undefined;
    for (let page = 0; page < pagesOfBuilds; page++) {
      const { ids = [], nextToken: next } = await answered(
        this.#askedOfProject('codebuild:ListBuildsForProject'),
        this.#builder.send(
          new ListBuildsForProjectCommand({
            projectName: this.#project,
            sortOrder: 'DESCENDING',
            ...(nextToken !== undefined && { nextToken }),
          }),
        ),
      );
      if (ids.length === 0) return undefined;
      const { builds = [] } = await answered(
        this.#askedOfProject('codebuild:BatchGetBuilds'),
        this.#builder.send(new BatchGetBuildsCommand({ ids })),
      );
      const ofDigest = builds.filter((build) => variable(build, 'IMAGE_DIGEST') === digest);
      // The answer need not be in the order of the ids.
      const [newest] = ofDigest.sort((a, b) => ids.indexOf(a.id ?? '') - ids.indexOf(b.id ?? ''));
      if (newest) return newest;
      if (next === undefined) return undefined;
      nextToken = next;
    }
    return undefined;
  }

  /** The end of the build's log; what CodeBuild itself says of the phase that failed, when there is no log. */
  async #lastLines({ logs, phases = [] }: Build): Promise<string[]> {
    const said = phases.flatMap(({ contexts = [] }) =>
      contexts.map(({ message = '' }) => phaseLine(message)),
    );
    const { groupName, streamName } = logs ?? {};
    if (!groupName || !streamName) return said.filter(Boolean);
    const found = await answeredUnless(
      ['ResourceNotFoundException'],
      {
        action: 'logs:GetLogEvents',
        arn: `*:log-group:${groupName}:*`,
        what: `the build's log ${groupName}`,
      },
      this.#logs.send(
        new GetLogEventsCommand({
          logGroupName: groupName,
          logStreamName: streamName,
          limit: linesRead,
          startFromHead: false,
        }),
      ),
    );
    const lines = writtenLines((found?.events ?? []).map(({ message = '' }) => message));
    return lines.length > 0 ? lines.slice(-linesKept) : said.filter(Boolean);
  }

  #askedOfImage(action: string, digest: string): Asked {
    const { name } = this.#repository;
    return {
      action,
      arn: `arn:aws:ecr:*:*:repository/${name}`,
      what: `image ${digest} of repository ${name}`,
    };
  }

  #askedOfProject(action: string): Asked {
    const arn = `arn:aws:codebuild:*:*:project/${this.#project}`;
    return { action, arn, what: `CodeBuild's project ${this.#project}` };
  }
}

const variable = ({ environment }: Build, wanted: string) =>
  environment?.environmentVariables?.find(({ name }) => name === wanted)?.value;
