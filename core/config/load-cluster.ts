/** Reads a project's cluster.yaml: settings of the cluster, which override those of config.yaml. */
import { resolve } from 'node:path';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { type ControlPlaneLog, controlPlaneLogs } from '../cluster.ts';
import { ConfigInvalid } from '../errors/errors.ts';
import { listed } from './load-config.ts';
import { readOptional } from './read-file.ts';
import { clusterSchema, keysOfCluster, type RawCluster, unset } from './schema/cluster-schema.ts';
import { explain } from './validate.ts';
import { explainSyntax } from './yaml-errors.ts';
import { type Mistake, toTree } from './yaml-tree.ts';

const file = 'cluster.yaml';

/** Null: not given. */
export interface ClusterSettings {
  name: string | null;
  region: string | null;
  version: string | null;
  /** Enabled logs of the control plane. */
  logs: ControlPlaneLog[];
  tags: Record<string, string>;
  nodegroup: {
    name: string | null;
    instanceType: string | null;
    /** Default number of nodes. */
    nodes: number | null;
    maxNodes: number | null;
    diskGiB: number | null;
    spot: boolean | null;
  };
}

/**
 * @returns the settings; all null when the file does not exist
 * @throws ConfigInvalid with a line for every mistake, as for config.yaml
 */
export async function loadCluster(projectDir: string): Promise<ClusterSettings> {
  const source = await readOptional(resolve(projectDir), file);
  if (source === undefined) return normalise({});
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const mistakes: Mistake[] = document.errors.map((error) => ({
    offset: error.pos[0],
    message: explainSyntax(error),
  }));
  if (mistakes.length === 0 && document.contents !== null && !isMap(document.contents))
    mistakes.push({ offset: 0, message: 'the file must be a mapping with metadata and nodeGroups' });
  let raw: RawCluster = {};
  if (mistakes.length === 0 && document.contents !== null) {
    const tree = toTree(document, clusterSchema);
    const checked = clusterSchema.safeParse(tree.value);
    raw = checked.data ?? {};
    mistakes.push(
      ...tree.mistakes,
      ...(checked.error?.issues ?? []).flatMap((issue) => explain(issue, tree, keysOfCluster)),
    );
    if (tree.has(['nodeGroups']) && tree.has(['managedNodeGroups']))
      mistakes.push({
        offset: tree.offsetOf(['managedNodeGroups'], 'key'),
        message: 'nodeGroups and managedNodeGroups are the same here: remove one',
      });
  }
  if (mistakes.length > 0) throw new ConfigInvalid(listed(mistakes, file, lines).join('\n'));
  return normalise(raw);
}

const given = (value: string | undefined) => (value === undefined || value === unset ? null : value);

/** Reserved tags: the predecessor's, and our own. */
const taken = ['project', 'manage', 'managedBy'];

function normalise({
  metadata = {},
  cloudWatch,
  nodeGroups,
  managedNodeGroups,
}: RawCluster): ClusterSettings {
  const group = (nodeGroups ?? managedNodeGroups)?.[0] ?? {};
  const tags = { ...metadata.tags, ...group.tags };
  const logged: string[] = cloudWatch?.clusterLogging?.enableTypes ?? [];
  return {
    name: given(metadata.name),
    region: given(metadata.region),
    version: metadata.version ?? null,
    logs: controlPlaneLogs.filter((log) => logged.some((one) => one === log || one === '*' || one === 'all')),
    tags: Object.fromEntries(
      Object.entries(tags).filter(([key, value]) => !taken.includes(key) && value !== unset),
    ),
    nodegroup: {
      name: given(group.name),
      instanceType: group.instanceType ?? null,
      nodes: group.desiredCapacity || null,
      maxNodes: group.maxSize ?? null,
      diskGiB: group.volumeSize ?? null,
      spot: group.spot ?? null,
    },
  };
}
