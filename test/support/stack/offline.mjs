// Loaded before a program that must not use the network: a try ends it, and says where it wanted to go.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const refuse =
  (what) =>
  (...args) => {
    process.stderr.write(
      `NETWORK: ${what} ${JSON.stringify(args.filter((arg) => typeof arg !== 'function')).slice(0, 300)}\n`,
    );
    process.exit(97);
  };
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = args.flat();
  // Sockets of this machine's file system are how programs speak to their children.
  if (typeof first === 'object' && first !== null && first.path) return connect.apply(this, args);
  return refuse('connect')(
    ...args
      .flat()
      .slice(0, 1)
      .map(({ host, port }) => ({ host, port })),
  );
};
dns.lookup = refuse('lookup');
syncBuiltinESMExports();
