/** A folder with data, for a run on a cluster: looked at, told, asked about and copied. */
import { join } from 'node:path';
import { KnownDigests } from '../../../adapters/local/data-copy/known-digests.ts';
import { linkOut } from '../../../adapters/local/project/outside-links.ts';
import type { Config } from '../../../core/config/config.ts';
import { formatBytes, plural } from '../../../core/format/numbers.ts';
import type { EksDraft } from '../../../core/run-store/request/draft.ts';
import type { Store } from '../../../core/store.ts';
import type { Cloud } from '../../../runs/aws/cloud.ts';
import { copyFolder } from '../../../runs/aws/data-copy/copy-folder.ts';
import { type FolderCopy, lookAtCopy } from '../../../runs/aws/data-copy/plan-copy.ts';
import { dataPlace } from '../../../runs/local/execution/data-place.ts';
import { escapeControlChars } from '../../terminal/escape-control-chars.ts';
import { LiveLine } from '../../terminal/live-line.ts';
import { cut, isInteractive } from '../../terminal/output.ts';

export interface DataFolder {
  store: Store;
  /** What is to be copied, and what is there. */
  look(cloud: Cloud, draft: EksDraft): Promise<FolderCopy>;
  /** Copies it. @returns the same wish, over what was copied */
  copy(cloud: Cloud, draft: EksDraft, looked: FolderCopy): Promise<EksDraft>;
}

/** Undefined when the data is in S3 already. */
export async function dataFolder(asked: {
  project: string;
  config: Config;
}): Promise<DataFolder | undefined> {
  const { project, config } = asked;
  if (config.dataBucket.kind !== 'folder') return undefined;
  const { path } = config.dataBucket;
  // A folder asks for no credentials.
  const nobody = { accessKeyId: null, secretAccessKey: null, sessionToken: null, region: null };
  const { store } = await dataPlace(asked, nobody);
  const file = join(project, '.gcd', 'data-digests.jsonl');
  const known = new KnownDigests(linkOut(project, file) ? null : file);
  return {
    store,
    look: (cloud, draft) => lookAtCopy({ cloud, store, known }, path, draft),
    copy: async (cloud, draft, looked) => {
      const progress = copyProgress(looked);
      try {
        const { onCopied, onLeftOut } = progress;
        const dataBucket = await copyFolder({ cloud, known, onCopied, onLeftOut }, looked);
        return { ...draft, config: { ...draft.config, dataBucket } };
      } finally {
        progress.end();
      }
    },
  };
}

/** On a terminal a line with how far it is; else a line at the end. */
function copyProgress({ toCopy }: FolderCopy) {
  const live = isInteractive() ? new LiveLine(process.stderr) : undefined;
  const print = (line: string) => (live ? live.print(line) : console.error(line));
  let done = { files: 0, bytes: 0 };
  return {
    onCopied: (amount: typeof done) => {
      done = { ...amount };
      const of = `${formatBytes(done.bytes)} of ${formatBytes(toCopy.bytes)}`;
      live?.show(cut(`${done.files} of ${plural(toCopy.files, 'file')} copied, ${of}`, live.width));
    },
    onLeftOut: ({ name, why }: { name: string; why: string }) =>
      print(escapeControlChars(`not copied: ${name}: ${why}`)),
    end: () => {
      live?.clear();
      if (toCopy.files > 0) console.error(`${plural(done.files, 'file')} copied, ${formatBytes(done.bytes)}`);
    },
  };
}
