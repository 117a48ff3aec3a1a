import { ProviderError } from '../../errors.ts';
import { DOCKER_HUB } from './name.ts';

/** Where Docker Hub's API answers. */
const DOCKER_HUB_API = 'registry-1.docker.io';

/**
 * Where the API of a registry is: `https://<host>/`. Plain http is for this machine and for hosts that are named for it.
 *
 * @param insecure hosts, with their ports, to speak plain http to
 */
export function addressOf(registry: string, insecure: readonly string[]): URL {
  if (registry === DOCKER_HUB) return new URL(`https://${DOCKER_HUB_API}/`);
  const plain = isLoopback(new URL(`http://${registry}/`).hostname) || insecure.includes(registry);
  return new URL(`${plain ? 'http' : 'https'}://${registry}/`);
}

/** True for the names and addresses by which a machine speaks to itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/**
 * An address that a registry sends us on to. From https nothing leads to plain http, and from plain http only to hosts
 * that may be spoken to so.
 *
 * @throws ProviderError REGISTRY-REDIRECT
 */
export function nextAddress(location: string | undefined, from: URL, insecure: readonly string[]): URL {
  if (location === undefined || !URL.canParse(location, from.href)) throw refusal(from, 'to an address that is none');
  const next = new URL(location, from);
  if (next.username !== '' || next.password !== '') throw refusal(from, 'to an address with a password in it');
  if (next.protocol === 'https:') return next;
  if (next.protocol !== 'http:') throw refusal(from, `to an address of ${next.protocol}`);
  if (from.protocol === 'http:' && (isLoopback(next.hostname) || insecure.includes(next.host))) return next;
  throw refusal(from, `over plain http to ${next.host}`);
}

function refusal(from: URL, whither: string): ProviderError {
  return new ProviderError({
    code: 'REGISTRY-REDIRECT',
    what: `${from.host} sends requests on ${whither}, which is refused`,
    fix: 'Let the proxy in front of the registry tell it the address that clients use (X-Forwarded-Proto, X-Forwarded-Host)',
  });
}

export function elsewhere(from: URL, next: URL): ProviderError {
  return refusal(from, `with the login to ${next.host}`);
}

export function tooManyRedirects(from: URL): ProviderError {
  return refusal(from, 'again and again');
}

export function unexpectedRedirect(from: URL, status: number): ProviderError {
  return refusal(from, `(${status}) where none belongs, perhaps to a login page`);
}

/** Host and path: what comes after may hold a signature. */
export function shownAddress({ host, pathname }: URL): string {
  return host + pathname;
}
