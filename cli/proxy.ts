/** Sends the command line's requests through the proxy of the environment. */
import http from 'node:http';
import { proxyEnvironment } from '../core/values/proxy-environment.ts';

type Variables = Record<string, string | undefined>;

/** For `fetch` and other requests without an agent of their own; AWS clients have one. @throws ConfigInvalid */
export function useProxy(env: Variables): void {
  const proxy = proxyEnvironment(env);
  if (!proxy) return;
  // New in Node 22.21 and 24.14.
  const { setGlobalProxyFromEnv } = http as { setGlobalProxyFromEnv?: (env: Variables) => unknown };
  if (setGlobalProxyFromEnv) setGlobalProxyFromEnv(proxy);
  else
    console.error(
      `Node ${process.versions.node} does not support proxies, and connects directly; Node 24 does.`,
    );
}
