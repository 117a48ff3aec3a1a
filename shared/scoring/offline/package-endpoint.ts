import type { LoadedApplication } from '../../ports/engine.ts';
import type { QuoteEndpoint } from '../../ports/quote-endpoint.ts';
import { HttpQuoteEndpoints, type HttpQuoteEndpointsOptions } from '../http-quote-endpoints.ts';
import { ApplicationDispatcher } from './application-dispatcher.ts';

/** What messages call it: nothing answers there but the application. */
const ADDRESS = { url: 'http://offline', wire: 'haute' } as const;

/** A loaded application as a quote service. Closing it ends the application. */
export function packageEndpoint(
  application: LoadedApplication,
  { retryAfterMs }: Pick<HttpQuoteEndpointsOptions, 'retryAfterMs'>,
): QuoteEndpoint {
  const createPool = () => new ApplicationDispatcher(application);
  return new HttpQuoteEndpoints({ retryAfterMs, createPool }).open(ADDRESS);
}
