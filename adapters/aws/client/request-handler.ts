/** How requests to AWS leave this machine: how long one may be silent, and the proxy that the environment names. */
import type { AgentOptions } from 'node:https';
import { proxyEnvironment } from '../../../core/values/proxy-environment.ts';

/** The `requestHandler` of a client of AWS. Times in milliseconds. */
export function requestHandler({ connectMs, silenceMs }: { connectMs: number; silenceMs: number }) {
  const proxyEnv = proxyEnvironment();
  const agent = proxyEnv && ({ proxyEnv } as AgentOptions);
  return {
    connectionTimeout: connectMs,
    socketTimeout: silenceMs,
    ...(agent && { httpAgent: agent, httpsAgent: agent }),
  };
}
