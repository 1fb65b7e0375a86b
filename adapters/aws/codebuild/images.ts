/** Images of projects in ECR, built by CodeBuild. An image's tag is the digest of its sources. */
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  paginateListBuildsForProject,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild';
import { ECRClient } from '@aws-sdk/client-ecr';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { buildOf } from '../../../core/platform.ts';
import type { BuildStatus, ImageSpec, Images } from '../../../ports/cluster/images.ts';
import type { RequestContext } from '../client/errors.ts';
import { send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { phaseLine, writtenLines } from './build-log.ts';
import { RepositoryImages } from './repository-images.ts';

export interface CodeBuildImagesOptions {
  access: AwsAccess;
  repository: { name: string; uri: string };
  /** Project of CodeBuild. */
  project: string;
}

/** Pages of a hundred in which a digest's build is searched, newest first. */
const maxBuildPages = 5;
const linesKept = 50;
/** More than are kept: CodeBuild writes each command up to three times around its output. */
const linesRead = 500;

export class CodeBuildImages implements Images {
  readonly #uri: string;
  readonly #project: string;
  readonly #images: RepositoryImages;
  readonly #builder: CodeBuildClient;
  readonly #logs: CloudWatchLogsClient;

  constructor({ access, repository, project }: CodeBuildImagesOptions) {
    this.#uri = repository.uri;
    this.#project = project;
    this.#images = new RepositoryImages(new ECRClient(clientSettings(access)), repository.name);
    this.#builder = new CodeBuildClient(clientSettings(access));
    this.#logs = new CloudWatchLogsClient(clientSettings(access));
  }

  /** Tags are immutable: the digest is enough. */
  async find(digest: string): Promise<string | undefined> {
    return (await this.#images.exists(digest)) ? `${this.#uri}:${digest}` : undefined;
  }

  async status(digest: string): Promise<BuildStatus> {
    const build = await this.#newestBuild(digest);
    if (!build) return { state: 'none' };
    if (build.buildStatus === 'IN_PROGRESS') return { state: 'building' };
    if (build.buildStatus === 'SUCCEEDED') return { state: 'succeeded' };
    return { state: 'failed', lines: await this.#lastLines(build) };
  }

  /** Same request as that of the state BuildImage. */
  async build({ digest, source, platform, cache }: ImageSpec): Promise<void> {
    if ((await this.find(digest)) !== undefined) return;
    if ((await this.status(digest)).state === 'building') return;
    const { type, image } = buildOf(platform);
    await send(
      this.#context('codebuild:StartBuild'),
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
            { name: 'IMAGE_CACHE', value: cache },
          ],
        }),
      ),
    );
  }

  remove(digest: string): Promise<void> {
    return this.#images.delete(digest);
  }

  #newestBuild(digest: string): Promise<Build | undefined> {
    return send(this.#context('codebuild:ListBuildsForProject'), this.#findBuild(digest));
  }

  async #findBuild(digest: string): Promise<Build | undefined> {
    const pages = paginateListBuildsForProject(
      { client: this.#builder },
      { projectName: this.#project, sortOrder: 'DESCENDING' },
    );
    let count = 0;
    for await (const { ids = [] } of pages) {
      if (ids.length === 0) return undefined;
      const { builds = [] } = await send(
        this.#context('codebuild:BatchGetBuilds'),
        this.#builder.send(new BatchGetBuildsCommand({ ids })),
      );
      const ofDigest = builds.filter((build) => variable(build, 'IMAGE_DIGEST') === digest);
      // The answer need not be in the order of the ids.
      const [newest] = ofDigest.sort((a, b) => ids.indexOf(a.id ?? '') - ids.indexOf(b.id ?? ''));
      if (newest || ++count === maxBuildPages) return newest;
    }
    return undefined;
  }

  /** The end of the build's log; without a log, CodeBuild's message about the failed phase. */
  async #lastLines({ logs, phases = [] }: Build): Promise<string[]> {
    const said = phases.flatMap(({ contexts = [] }) =>
      contexts.map(({ message = '' }) => phaseLine(message)),
    );
    const { groupName, streamName } = logs ?? {};
    if (!groupName || !streamName) return said.filter(Boolean);
    const found = await sendOptional(
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

  #context(action: string): RequestContext {
    const arn = `arn:aws:codebuild:*:*:project/${this.#project}`;
    return { action, arn, what: `CodeBuild's project ${this.#project}` };
  }
}

const variable = ({ environment }: Build, wanted: string) =>
  environment?.environmentVariables?.find(({ name }) => name === wanted)?.value;
