/**
 * What runs a function in its process: Lambda's Runtime API, as the service's own Node client asks it.
 * `node bootstrap.mjs` with the function's folder as working directory and _HANDLER, AWS_LAMBDA_RUNTIME_API and so on set.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

const post = (where, body) =>
  fetch(`${api}${where}`, { method: 'POST', body: JSON.stringify(body === undefined ? null : body) });

const told = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: String(error?.message ?? error),
  trace: String(error?.stack ?? '').split('\n'),
});

async function load() {
  const dot = process.env._HANDLER.lastIndexOf('.');
  const [module, name] = [process.env._HANDLER.slice(0, dot), process.env._HANDLER.slice(dot + 1)];
  const file = ['.js', '.mjs', '.cjs'].map((ending) => path.resolve(module + ending)).find(existsSync);
  if (!file)
    throw Object.assign(new Error(`Cannot find module '${module}'`), { name: 'Runtime.ImportModuleError' });
  const loaded = await import(pathToFileURL(file).href);
  const handler = loaded[name] ?? loaded.default?.[name];
  if (!handler)
    throw Object.assign(new Error(`${process.env._HANDLER} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  return handler;
}

let handler;
try {
  handler = await load();
} catch (error) {
  await post('/init/error', told(error));
  process.exit(1);
}
for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    invokedFunctionArn: next.headers.get('lambda-runtime-invoked-function-arn'),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    await post(`/invocation/${id}/response`, await handler(await next.json(), context));
  } catch (error) {
    await post(`/invocation/${id}/error`, told(error));
  }
}
