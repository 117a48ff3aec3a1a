import { createHash } from 'node:crypto';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { World } from '../world.ts';
import { registryHost } from './handlers.ts';
import type { FakeRepository } from './state.ts';

/** PEM. */
interface Tls {
  readonly key: string;
  readonly certificate: string;
}

interface Manifest {
  readonly mediaType?: string;
  readonly config?: { readonly digest: string };
  readonly manifests?: readonly { readonly platform?: { readonly os: string; readonly architecture: string } }[];
}

/**
 * The door of Amazon's registry before a real one: only repositories that the account has, only with the password that
 * GetAuthorizationToken gives, and whatever image is stored is known to the account's API.
 */
export class RegistryFront {
  readonly #world: World;
  /** `127.0.0.1:5000` */
  readonly #behind: string;
  readonly #server: Server;
  /** Told of each image that can run, and was stored, before its client is. */
  onImage: (repository: string, digest: string) => void = () => undefined;

  private constructor(world: World, behind: string, { key, certificate }: Tls) {
    this.#world = world;
    this.#behind = behind;
    this.#server = createServer({ key, cert: certificate }, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  /** @param tls for the name that the registry has at Amazon */
  static async start(world: World, behind: string, tls: Tls): Promise<RegistryFront> {
    const front = new RegistryFront(world, behind, tls);
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = registryHost(this.#world);
    const { authorization } = request.headers;
    const password = Buffer.from(`AWS:${this.#world.registry.password}`).toString('base64');
    if (authorization !== `Basic ${password}`) {
      const challenge = `Basic realm="https://${host}/",service="ecr.amazonaws.com"`;
      return refuse(response, 401, 'DENIED', 'Not Authorized', { 'www-authenticate': challenge });
    }
    const [, name = '', reference = ''] =
      /^\/v2\/(.+?)\/(?:manifests|blobs|tags|referrers)\/([^/?]*)/.exec(request.url ?? '') ?? [];
    const repository = this.#world.ecr.repositories.find((each) => each.name === name);
    if (!repository && name !== '') {
      const what = `The repository with name '${name}' does not exist in the registry with id '${this.#world.account}'`;
      return refuse(response, 404, 'NAME_UNKNOWN', what);
    }
    if (repository && request.method === 'PUT' && request.url?.includes('/manifests/')) {
      return this.#store(repository, reference, request, response);
    }
    request.pipe(this.#forward(request, response));
  }

  #forward(request: IncomingMessage, response: ServerResponse) {
    const outgoing = this.#open(request, request.headers['content-length'], (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    return outgoing;
  }

  #open(request: IncomingMessage, length: string | undefined, then: (answer: IncomingMessage) => void) {
    const [hostname, port] = this.#behind.split(':');
    const { authorization: _own, 'content-length': _length, ...kept } = request.headers;
    const headers = {
      ...kept,
      ...(length !== undefined && { 'content-length': length }),
      // It names its own address in answers, and does not know that clients use https.
      host: registryHost(this.#world),
      'x-forwarded-proto': 'https',
    };
    return ask({ hostname, port, method: request.method, path: request.url, headers }, then);
  }

  async #store(repository: FakeRepository, reference: string, request: IncomingMessage, response: ServerResponse) {
    const body = await bytesOf(request);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = this.#open(request, String(body.length), resolve);
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    const said = await bytesOf(answer);
    if (answer.statusCode === 201) await this.#remember(repository, reference, body, request);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.end(said);
  }

  async #remember(
    repository: FakeRepository,
    reference: string,
    body: Buffer,
    { headers }: IncomingMessage,
  ): Promise<void> {
    const manifest = JSON.parse(body.toString('utf8')) as Manifest;
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const tags = reference.startsWith('sha256:') ? [] : [reference];
    for (const image of repository.images) image.tags = image.tags.filter((tag) => !tags.includes(tag));
    const known = repository.images.find((image) => image.digest === digest);
    if (known) known.tags = [...known.tags, ...tags];
    if (known) return;
    const mediaType = manifest.mediaType ?? headers['content-type'] ?? '';
    const platforms = await this.#platforms(repository, manifest);
    const text = body.toString('utf8');
    repository.images.push({ digest, mediaType, manifest: text, pushedAt: this.#world.now, platforms, tags });
    if (platforms.length > 0) this.onImage(repository.name, digest);
  }

  async #platforms(repository: FakeRepository, { config, manifests = [] }: Manifest): Promise<readonly string[]> {
    if (!config) return manifests.flatMap(({ platform: each }) => (each ? [`${each.os}/${each.architecture}`] : []));
    const blob = await fetch(`http://${this.#behind}/v2/${repository.name}/blobs/${config.digest}`);
    const bytes = Buffer.from(await blob.arrayBuffer());
    repository.blobs.set(config.digest, bytes);
    const { os, architecture } = JSON.parse(bytes.toString('utf8')) as { os?: string; architecture?: string };
    return os === undefined ? [] : [`${os}/${architecture}`];
  }
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const read: Buffer[] = [];
  for await (const chunk of stream) read.push(chunk as Buffer);
  return Buffer.concat(read);
}

function refuse(response: ServerResponse, status: number, code: string, message: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}
