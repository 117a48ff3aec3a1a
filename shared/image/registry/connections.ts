import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

const CONNECT_MS = 15_000;
/** Shorter than most servers keep a connection, so that no request meets one that closes. */
const KEEP_ALIVE_MS = 4_000;

/** Connections, through the proxy that the environment names, as other programs of the job go. They hold no process open. */
export function connections(env: Readonly<Record<string, string>>): Dispatcher {
  const named = (name: string): string => env[name] || env[name.toUpperCase()] || '';
  return new EnvHttpProxyAgent({
    httpProxy: named('http_proxy'),
    httpsProxy: named('https_proxy'),
    // What speaks to this machine itself needs no proxy.
    noProxy: [named('no_proxy'), 'localhost', '127.0.0.1', '[::1]'].filter(Boolean).join(','),
    connect: { timeout: CONNECT_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    clientFactory: (origin, options) => new ProxyPool(origin, options),
  });
}

/**
 * Connections to a proxy. Undici asks a proxy that hangs up for a tunnel again without end when the error is one of its
 * own sockets, so it is given another.
 */
class ProxyPool extends Pool {
  override async connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>;
  override connect(
    options: Dispatcher.ConnectOptions,
    callback: (error: Error | null, data: Dispatcher.ConnectData) => void,
  ): void;
  override connect(
    options: Dispatcher.ConnectOptions,
    callback?: (error: Error | null, data: Dispatcher.ConnectData) => void,
  ): unknown {
    if (callback) return super.connect(options, callback);
    return super.connect(options).catch((cause: unknown) => {
      throw new Error('the proxy gives no connection to it', { cause });
    });
  }
}
