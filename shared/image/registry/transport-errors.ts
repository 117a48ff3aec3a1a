import { messageOf, ProviderError } from '../../errors.ts';

const TIMEOUTS = /^(?:UND_ERR_(?:HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT|ESOCKETTIMEDOUT)$/;
const DROPS =
  /^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_ABORTED|UND_ERR_INFO|HPE_.*)$/;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|ERR_TLS/;
/** What a server of plain http answers to the greeting of https. */
const NO_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|EPROTO/;

/** No connection, or one that ended too early. Undici and the system name the cause by a code. */
export function transportError(host: string, error: unknown): ProviderError {
  const code = deepestCode(error);
  const why = `${messageOf(deepest(error))}${code && !messageOf(deepest(error)).includes(code) ? ` (${code})` : ''}`;
  if (TIMEOUTS.test(code)) return timedOut(host, why, error);
  if (DROPS.test(code)) return dropped(host, why, error);
  return unreachable(host, why, code, error);
}

export function timedOut(host: string, why: string, cause?: unknown): ProviderError {
  return new ProviderError(
    {
      code: 'REGISTRY-TIMEOUT',
      what: `${host} did not answer in time: ${why}`,
      fix: 'Check the network between the runner and the registry, and the load of the registry',
    },
    { retryable: true, cause },
  );
}

export function dropped(host: string, why: string, cause?: unknown): ProviderError {
  return new ProviderError(
    {
      code: 'REGISTRY-DROPPED',
      what: `${host} ended the connection: ${why}`,
      fix: 'Look at the log of the registry, and at the limits of the proxies in front of it',
    },
    { retryable: true, cause },
  );
}

function unreachable(host: string, why: string, code: string, cause: unknown): ProviderError {
  const fix = NO_TLS.test(code)
    ? 'The registry seems to speak plain http: give it a certificate, or name its host as insecure'
    : CERTIFICATE.test(code)
      ? 'Give the runner the certificate of the authority that signs for the registry (NODE_EXTRA_CA_CERTS)'
      : 'Check the name of the registry, the network, the proxy and the certificates of the runner';
  return new ProviderError(
    { code: 'REGISTRY-UNREACHABLE', what: `${host} cannot be reached: ${why}`, fix },
    { retryable: !NO_TLS.test(code) && !CERTIFICATE.test(code), cause },
  );
}

function deepest(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? deepest(error.cause) : error;
}

function deepestCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const below = deepestCode(error.cause);
  return below || ('code' in error && typeof error.code === 'string' ? error.code : '');
}
