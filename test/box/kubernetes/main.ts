/**
 * The API servers of the imitated account's clusters: `node main.ts IMAGES PACKAGES FOLDER`, a process of its own, so that
 * it answers while a test waits. Prints one line, `{"control": URL}`, then `PUT URL/NAME` with `{"endpoint"}` of the
 * imitated AWS makes the cluster NAME and answers `{"server", "ca"}`; `DELETE URL/NAME` ends it with all its pods;
 * `GET URL/unmodelled` answers what was asked of any that the stand-in does not imitate. It ends when its input does.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Cluster } from './cluster.ts';
import { endAll } from './container.ts';

const [images = '', packages = '', folder = ''] = process.argv.slice(2);
const clusters = new Map<string, Cluster>();
const unmodelled: string[] = [];

async function answer(request: IncomingMessage): Promise<unknown> {
  const name = decodeURIComponent(request.url?.slice(1) ?? '');
  if (request.method === 'GET')
    return [...unmodelled, ...[...clusters.values()].flatMap((cluster) => cluster.unmodelled)];
  const there = clusters.get(name);
  if (there) {
    unmodelled.push(...there.unmodelled);
    await there.stop();
    clusters.delete(name);
  }
  if (request.method === 'DELETE') return {};
  const { endpoint } = JSON.parse(await text(request)) as { endpoint: string };
  const cluster = await Cluster.start({ cluster: name, endpoint, images, packages, folder });
  clusters.set(name, cluster);
  return { server: cluster.server, ca: cluster.ca };
}

const server = createServer(async (request, response) => {
  try {
    response.end(JSON.stringify(await answer(request)));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ control: `http://127.0.0.1:${port}` }));
});

process.stdin.resume().on('end', async () => {
  for (const cluster of clusters.values()) await cluster.stop();
  endAll();
  process.exit(0);
});
