/** Signals that ask the command line to end, each request once. */

/** Milliseconds in which a signal that comes again is the same request: of Ctrl-C, npm and the terminal tell both. */
const sameMs = 100;

/** @returns a function that stops listening */
export function onSignals(signals: NodeJS.Signals[], handle: (signal: NodeJS.Signals) => void): () => void {
  let last: { signal: NodeJS.Signals; at: number } | undefined;
  const listener = (signal: NodeJS.Signals) => {
    const at = performance.now();
    const isSame = last?.signal === signal && at - last.at < sameMs;
    last = { signal, at };
    if (!isSame) handle(signal);
  };
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
