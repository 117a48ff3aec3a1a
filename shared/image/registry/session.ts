import { ConfigError, Interrupted } from '../../errors.ts';
import type { Credential } from '../login/credentials.ts';
import { addressOf } from './address.ts';
import { type Challenge, mergeScopes, parseChallenges, scopesIn } from './challenge.ts';
import { refusalError, type Wish } from './refusal.ts';
import type { RegistryTools } from './registry-tools.ts';
import { readSaid, type Said } from './said.ts';
import { basic, fetchToken, type Token } from './token-service.ts';
import { send, type WireAnswer, type WireRequest } from './wire.ts';

/** A wish, and the repositories that have to be read for it too. */
export interface Need extends Wish {
  readonly alsoPull?: string | undefined;
}

export type SessionRequest = Omit<WireRequest, 'authorization'>;

interface Proof {
  readonly authorization: string;
  /** True for a token that the registry's service gave for a login: who we are is settled. */
  readonly isKnown: boolean;
}

/** Requests to registries, with whatever each asks for to show who we are. */
export class Session {
  readonly #tools: RegistryTools;
  /** The challenge of each registry that has sent one. */
  readonly #challenges = new Map<string, Challenge>();
  /** Tokens, also those under way, by registry and scopes. */
  readonly #tokens = new Map<string, Promise<Token>>();
  /** Scopes that a registry asked for beyond those that we thought of, by registry and scopes. */
  readonly #asked = new Map<string, readonly string[]>();

  constructor(tools: RegistryTools) {
    this.#tools = tools;
  }

  /** Address of something below `/v2/<repository>/`. */
  url(need: Wish, path: string): URL {
    return new URL(`v2/${need.name.repository}/${path}`, addressOf(need.name.registry, this.#tools.insecure));
  }

  /**
   * One request, made again once when the registry wants to know who we are. Nothing is shown to any other host.
   * @throws ConfigError and ProviderError for a refusal to let us in; what {@link send} throws
   */
  async ask(need: Need, request: SessionRequest): Promise<WireAnswer> {
    const { registry } = need.name;
    const home = addressOf(registry, this.#tools.insecure);
    if (request.url.origin !== home.origin) return send(this.#tools, request);
    const known = this.#challenges.get(registry);
    const first = known && (await this.#prove(need, known, home, request.signal));
    const answer = await send(this.#tools, { ...request, authorization: first?.authorization });
    if (answer.status !== 401 || answer.url.origin !== home.origin) return answer;
    const said = await readSaid(answer, this.#tools.redact);
    const challenge = chosen(parseChallenges(answer.headers('www-authenticate')));
    if (challenge === undefined) throw await this.#refused(need, answer, said, false, request.signal);
    this.#learn(need, challenge);
    const proof = await this.#prove(need, challenge, home, request.signal, first);
    // Nothing to show, or nothing new: the same would be refused again.
    if (proof === undefined || proof.authorization === first?.authorization) {
      throw await this.#refused(need, answer, said, false, request.signal);
    }
    const second = await send(this.#tools, { ...request, authorization: proof.authorization });
    if (second.status === 401) throw await this.refusal(need, second, request.signal, proof.isKnown);
    return second;
  }

  /**
   * The error for an answer that is not what was asked for.
   * @param isKnown who we are was accepted, and is not what the answer is about
   */
  async refusal(need: Need, answer: WireAnswer, signal: AbortSignal, isKnown = true): Promise<Error> {
    return this.#refused(need, answer, await readSaid(answer, this.#tools.redact), isKnown, signal);
  }

  async #refused(need: Need, answer: WireAnswer, said: Said, isKnown: boolean, signal: AbortSignal): Promise<Error> {
    const credential = await this.#tools.credentials.find(need.name, signal);
    const { header, status, url } = answer;
    return refusalError({
      name: need.name,
      action: need.action,
      tag: need.tag,
      status,
      ...(url.host !== addressOf(need.name.registry, this.#tools.insecure).host && { host: url.host }),
      said,
      login: credential?.from,
      isKnown,
      requestId: header('x-request-id') ?? header('x-ms-correlation-request-id') ?? header('docker-request-id'),
      retryAfterMs: this.#tools.retryAfterMs(header('retry-after')),
    });
  }

  #learn(need: Need, challenge: Challenge): void {
    this.#challenges.set(need.name.registry, challenge);
    const wanted = scopesOf(need);
    const key = keyOf(need.name.registry, wanted);
    this.#asked.set(key, mergeScopes([...wanted, ...(this.#asked.get(key) ?? []), ...scopesIn(challenge)]));
  }

  /** @param refused what was shown before and was not accepted */
  async #prove(
    need: Need,
    challenge: Challenge,
    home: URL,
    signal: AbortSignal,
    refused?: Proof,
  ): Promise<Proof | undefined> {
    const credential = await this.#tools.credentials.find(need.name, signal);
    if (challenge.scheme === 'basic') {
      return credential?.kind === 'password' ? { authorization: basic(credential), isKnown: false } : undefined;
    }
    if (credential?.kind === 'bearer') return { authorization: bearer(credential), isKnown: false };
    const token = await this.#token(need, challenge, home, credential, signal, refused);
    return { authorization: bearer(token), isKnown: credential !== undefined };
  }

  async #token(
    need: Need,
    challenge: Challenge,
    home: URL,
    credential: Credential | undefined,
    signal: AbortSignal,
    refused: Proof | undefined,
  ): Promise<Token> {
    const wanted = scopesOf(need);
    const { registry } = need.name;
    const scopes = this.#asked.get(keyOf(registry, wanted)) ?? wanted;
    const key = keyOf(registry, [...scopes, challenge.params.realm ?? '', challenge.params.service ?? '']);
    for (let kept = this.#tokens.get(key); kept; kept = this.#tokens.get(key)) {
      const token = await settled(kept, signal);
      if (token && bearer(token) !== refused?.authorization && token.expiresAt > this.#tools.clock.now()) return token;
      // The first of several that find it used up fetches the next one, for all.
      if (this.#tokens.get(key) === kept) this.#tokens.delete(key);
    }
    const fetching = this.#fetch(need, challenge, home, scopes, credential, signal);
    this.#tokens.set(key, fetching);
    try {
      return await fetching;
    } catch (error) {
      if (this.#tokens.get(key) === fetching) this.#tokens.delete(key);
      throw error;
    }
  }

  /** With the login, and without it where that is one that nobody asked for and the image may be public. */
  async #fetch(
    need: Need,
    challenge: Challenge,
    home: URL,
    scopes: readonly string[],
    credential: Credential | undefined,
    signal: AbortSignal,
  ): Promise<Token> {
    const ask = (login: Credential | undefined): Promise<Token> =>
      fetchToken(this.#tools, home, challenge, scopes, login, need, signal);
    if (!credential?.isImplied || need.action === 'push') return ask(credential);
    try {
      return await ask(credential);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      try {
        return await ask(undefined);
      } catch (without) {
        // Not public either: what was said of the login counts.
        throw without instanceof Interrupted ? without : error;
      }
    }
  }
}

function bearer({ token }: { readonly token: string }): string {
  return `Bearer ${token}`;
}

/** What somebody else has asked for; undefined where that was cancelled, and we were not. */
async function settled(asked: Promise<Token>, signal: AbortSignal): Promise<Token | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Interrupted) || signal.aborted) throw error;
    return undefined;
  }
}

/** A token is worth more than a password that is shown with each request. */
function chosen(challenges: readonly Challenge[]): Challenge | undefined {
  const of = (scheme: string): Challenge | undefined => challenges.find((each) => each.scheme === scheme);
  return of('bearer') ?? of('basic');
}

function scopesOf({ name, action, alsoPull }: Need): readonly string[] {
  const own = `repository:${name.repository}:${action === 'push' ? 'pull,push' : 'pull'}`;
  return mergeScopes(alsoPull === undefined ? [own] : [own, `repository:${alsoPull}:pull`]);
}

function keyOf(registry: string, parts: readonly string[]): string {
  return [registry, ...parts].join(' ');
}
