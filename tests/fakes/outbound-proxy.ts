import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy on the way out, as companies have one: it makes tunnels, and leads some names to this machine. */
export class OutboundProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Ports of this machine by the names that they stand for. */
  readonly #here: ReadonlyMap<string, number>;

  private constructor(here: ReadonlyMap<string, number>) {
    this.#here = here;
    this.#server = createServer((_, response) => void response.writeHead(405).end());
    this.#server.on('connect', ({ url = '' }, socket: Socket, head: Buffer) => this.#tunnel(url, socket, head));
  }

  static async start(here: ReadonlyMap<string, number>): Promise<OutboundProxy> {
    const proxy = new OutboundProxy(here);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #tunnel(to: string, socket: Socket, head: Buffer): void {
    const [name = '', port] = to.split(':');
    const own = this.#here.get(name);
    const onward = own === undefined ? connect(Number(port), name) : connect(own, '127.0.0.1');
    for (const each of [socket, onward]) {
      this.#sockets.add(each);
      each.on('close', () => this.#sockets.delete(each));
      each.on('error', () => {
        socket.destroy();
        onward.destroy();
      });
    }
    onward.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
  }
}
