/** A run on AWS that this project knows. */
import { readRemote } from '../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import type { EksRequest } from '../../cloud/begin.ts';
import { RemoteRun } from '../../cloud/look.ts';
import type { Cloud } from '../../cloud/ports.ts';
import type { Remote } from '../../ports/remote.ts';
import { type Connect, connect } from './connect.ts';

export interface OpenRun {
  cloud: Cloud;
  remote: Remote;
  request: EksRequest;
  /** Its folder here. */
  folder: string;
  run: RemoteRun;
}

/** Where a run is, when that is not this machine. */
export const remoteOf = (runs: RunsFolder, run: string): Remote | undefined => readRemote(runs.folderOf(run));

/** @throws NotFound when its stack is gone; AccessDenied, Unreachable */
export async function openRun(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  connectTo: Connect = connect,
): Promise<OpenRun> {
  const request = (await runs.request(name)) as EksRequest;
  const cloud = await connectTo({ stack: remote.stack, region: remote.region });
  return { cloud, remote, request, folder: runs.folderOf(name), run: new RemoteRun(cloud, request) };
}
