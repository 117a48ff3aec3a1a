import { ConfigError } from '../../errors.ts';
import type { Speaker } from '../speaker.ts';
import { membership, permission, profile, team, type User } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { PERMISSION } from './permissions.ts';

/** `gate`: GitHub itself let them decide, by the reviewers of an environment. */
type Occasion = 'gate' | undefined;

interface Team {
  readonly org: string;
  readonly slug: string;
}

/** Permissions on a repository with which one can push. @see https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
const WRITERS: readonly string[] = ['admin', 'maintain', 'write'];

/** Who somebody is, and whether they may approve. Asks once for each person and team. */
export class Approvers {
  readonly #api: GitHubApi;
  readonly #list: readonly string[];
  readonly #once = new Map<string, Promise<unknown>>();

  /** @param list logins, `@login`, `@team` of the repository's owner, or `@org/team`; empty: anyone with write access */
  constructor(api: GitHubApi, list: readonly string[]) {
    this.#api = api;
    this.#list = list;
  }

  async speaker(user: User, signal: AbortSignal, occasion?: Occasion): Promise<Speaker> {
    if (user === null || user.login === 'ghost') return refused('a deleted account', 'has no account any more');
    const { login, type } = user;
    if (type !== 'User') return refused(login, `is no person but a ${type.toLowerCase()}`);
    const asked = { what: `the profile of ${login}`, permission: PERMISSION.metadata };
    const found = await this.#remember(`profile ${login}`, () =>
      this.#api.find('GET /users/{username}', { username: login }, asked, profile, signal),
    );
    if (!found) return refused(login, 'has no account any more');
    const aliases = [found.name, found.email].filter((text) => typeof text === 'string' && text !== '') as string[];
    return { person: login, aliases, refusal: await this.#whyNot(login, signal, occasion) };
  }

  async #whyNot(login: string, signal: AbortSignal, occasion: Occasion): Promise<string | undefined> {
    if (this.#list.length === 0) {
      return occasion === 'gate' || (await this.#mayPush(login, signal)) ? undefined : 'has no write access';
    }
    for (const entry of this.#list) if (await this.#matches(entry.trim(), login, signal)) return undefined;
    return `is not among the approvers (${this.#list.join(', ')})`;
  }

  /**
   * `@name` is a team of the repository's owner before it is a person, or else anybody could take the log-in name of a
   * team and speak for it; where the token sees no such team, it is a person only when they can push here.
   */
  async #matches(entry: string, login: string, signal: AbortSignal): Promise<boolean> {
    const name = entry.replace(/^@/, '');
    if (name.includes('/')) {
      const team = await this.#team(name, signal, [404]);
      if (!team) throw unknownApprover(entry);
      return this.#isMember(team, login, signal);
    }
    if (!entry.startsWith('@')) return same(name, login);
    const team = await this.#team(`${this.#owner}/${name}`, signal, [403, 404]);
    if (team) return this.#isMember(team, login, signal);
    if (!(await this.#mayPush(name, signal))) throw unknownApprover(entry);
    return same(name, login);
  }

  #mayPush(login: string, signal: AbortSignal): Promise<boolean> {
    const asked = { what: `what ${login} may do here`, permission: PERMISSION.metadata };
    const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
    return this.#remember(`permission ${login.toLowerCase()}`, async () => {
      const found = await this.#api.find(route, { username: login }, asked, permission, signal);
      return found !== undefined && WRITERS.includes(found.permission);
    });
  }

  /** Undefined where there is no team of this name that the token sees. */
  #team(name: string, signal: AbortSignal, absent: readonly number[]): Promise<Team | undefined> {
    const [org = '', team_slug = ''] = name.split('/');
    const asked = { what: `the team ${name}`, permission: PERMISSION.members };
    return this.#remember(`team ${name}`, async () => {
      const found = await this.#api.find(
        'GET /orgs/{org}/teams/{team_slug}',
        { org, team_slug },
        asked,
        team,
        signal,
        absent,
      );
      return found && { org, slug: found.slug };
    });
  }

  #isMember({ org, slug }: Team, login: string, signal: AbortSignal): Promise<boolean> {
    const asked = { what: `whether ${login} is in the team ${org}/${slug}`, permission: PERMISSION.members };
    const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
    return this.#remember(`${login} in ${org}/${slug}`, async () => {
      const parameters = { org, team_slug: slug, username: login };
      const found = await this.#api.find(route, parameters, asked, membership, signal);
      return found?.state === 'active';
    });
  }

  #remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = (this.#once.get(key) as Promise<T> | undefined) ?? ask();
    this.#once.set(key, known);
    return known;
  }

  get #owner(): string {
    return this.#api.access.repository.split('/')[0] ?? '';
  }
}

function refused(person: string, refusal: string): Speaker {
  return { person, aliases: [], refusal };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unknownApprover(entry: string): ConfigError {
  return new ConfigError({
    code: 'APPROVER-UNKNOWN',
    what: `the approver ${entry} is neither a team that the token sees nor a person who can push here`,
    fix: `Correct [approval] approvers, or give a token with "${PERMISSION.members}": the workflow's own token sees no teams`,
    place: { file: 'haute.release.toml' },
  });
}
