import { type Dispatcher, Pool } from 'undici';
import { ConfigError } from '../errors.ts';
import type { QuoteEndpoint, QuoteEndpoints } from '../ports/quote-endpoint.ts';
import type { ServingAddress } from '../release/deployment.ts';
import { HttpQuoteEndpoint } from './http-quote-endpoint.ts';
import { RowEncoder } from './row-encoder.ts';

export interface HttpQuoteEndpointsOptions {
  /** Milliseconds from a `Retry-After` header; undefined where it says nothing. */
  readonly retryAfterMs: (header: string | undefined) => number | undefined;
  /** Connections to an origin (scheme, host and port), closed with the endpoint. */
  readonly createPool?: (origin: string) => Dispatcher;
}

/** Opens quote services over HTTP. */
export class HttpQuoteEndpoints implements QuoteEndpoints {
  readonly #options: HttpQuoteEndpointsOptions;
  readonly #encoder = new RowEncoder();

  constructor(options: HttpQuoteEndpointsOptions) {
    this.#options = options;
  }

  /** @throws ConfigError ENDPOINT-URL for an address that is not one of HTTP, or that carries a password */
  open(address: ServingAddress): QuoteEndpoint {
    const pool = (this.#options.createPool ?? createPool)(originOf(address.url));
    return new HttpQuoteEndpoint(address, { pool, encoder: this.#encoder, retryAfterMs: this.#options.retryAfterMs });
  }
}

/**
 * Kept alive for less than the 5 s after which uvicorn hangs up, so that no request meets a closing connection. Each
 * request has its own time limit, so the pool has none.
 */
function createPool(origin: string): Pool {
  return new Pool(origin, { keepAliveTimeout: 3_000, keepAliveMaxTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0 });
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new ConfigError({
      code: 'ENDPOINT-URL',
      what: `${parsed ? `${parsed.protocol}//${parsed.host}` : url} is not an http or https address`,
      fix: 'Write the whole address, for example https://quotes.example.com',
    });
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new ConfigError({
      code: 'ENDPOINT-URL',
      what: `the address of ${parsed.host} carries a user name or password`,
      fix: 'Take it out of the address and give it in the headers',
    });
  }
  return parsed.origin;
}
