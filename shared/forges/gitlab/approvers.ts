import { ConfigError } from '../../errors.ts';
import type { Speaker } from '../speaker.ts';
import { member, namespace, profile, type User } from './answers.ts';
import type { GitLabApi } from './api.ts';
import { SCOPE } from './permissions.ts';

/** `gate`: GitLab itself let them decide, by the rules of a protected environment. */
type Occasion = 'gate' | undefined;

/** Developers can push. @see https://docs.gitlab.com/api/access_requests/#valid-access-levels */
const DEVELOPER = 30;
/** Below it somebody is hardly a member. */
const GUEST = 10;

/** Users of projects and groups that belong to a token, and the account that deleted ones leave their words to. */
const BOT = /^(?:project|group)_\d+_bot|^service_account_/;
const GHOST = /^ghost\d*$/;

/** Who somebody is, and whether they may approve. Asks once for each person and group. */
export class Approvers {
  readonly #api: GitLabApi;
  readonly #list: readonly string[];
  readonly #once = new Map<string, Promise<unknown>>();

  /** @param list user names, `@user` or `@group/subgroup`; empty: anyone with the role Developer or higher */
  constructor(api: GitLabApi, list: readonly string[]) {
    this.#api = api;
    this.#list = list;
  }

  async speaker(user: User | null, signal: AbortSignal, occasion?: Occasion): Promise<Speaker> {
    if (user === null || GHOST.test(user.username)) return refused('a deleted account', 'has no account any more');
    const { id, username } = user;
    const asked = { what: `the profile of ${username}`, permission: SCOPE.read };
    const found = await this.#remember(`user ${id}`, () =>
      this.#api.find(asked, profile, signal, ({ users }) => users.show(id)),
    );
    if (!found) return refused(username, 'has no account any more');
    if (found.bot === true || BOT.test(username)) return refused(username, 'is no person but a bot');
    if (found.state !== 'active') return refused(username, `is ${found.state ?? 'not active'}`);
    const aliases = [found.name, found.public_email].filter(
      (text) => typeof text === 'string' && text !== '',
    ) as string[];
    return {
      person: username,
      aliases,
      refusal: await this.#whyNot({ ...user, username: found.username }, signal, occasion),
    };
  }

  async #whyNot(user: User, signal: AbortSignal, occasion: Occasion): Promise<string | undefined> {
    if (this.#list.length === 0) {
      return occasion === 'gate' || (await this.#isDeveloper(user, signal)) ? undefined : 'has no write access';
    }
    for (const entry of this.#list) if (await this.#matches(entry.trim(), user, signal)) return undefined;
    return `is not among the approvers (${this.#list.join(', ')})`;
  }

  /** Users and groups share their names, so one of them is never the other. */
  async #matches(entry: string, user: User, signal: AbortSignal): Promise<boolean> {
    const path = entry.replace(/^@/, '');
    if (!entry.startsWith('@') && !path.includes('/')) return same(path, user.username);
    const asked = { what: `the group or user ${path}`, permission: SCOPE.read };
    const found = await this.#remember(`namespace ${path}`, () =>
      this.#api.find(asked, namespace, signal, ({ namespaces }) => namespaces.show(path)),
    );
    if (!found) throw unknownApprover(entry);
    return found.kind === 'group'
      ? this.#isMember(found.full_path, user, signal)
      : same(found.full_path, user.username);
  }

  #isDeveloper({ id, username }: User, signal: AbortSignal): Promise<boolean> {
    const asked = { what: `the role of ${username}`, permission: SCOPE.read };
    return this.#remember(`project ${id}`, async () => {
      const found = await this.#api.find(asked, member, signal, ({ projectMembers }) =>
        projectMembers.show(this.#api.project, id, { includeInherited: true }),
      );
      return isActive(found) && (found?.access_level ?? 0) >= DEVELOPER;
    });
  }

  #isMember(group: string, { id, username }: User, signal: AbortSignal): Promise<boolean> {
    const asked = { what: `whether ${username} is in ${group}`, permission: SCOPE.read };
    return this.#remember(`group ${group} ${id}`, async () => {
      const found = await this.#api.find(asked, member, signal, ({ groupMembers }) =>
        groupMembers.show(group, id, { includeInherited: true }),
      );
      return isActive(found) && (found?.access_level ?? 0) >= GUEST;
    });
  }

  #remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = (this.#once.get(key) as Promise<T> | undefined) ?? ask();
    this.#once.set(key, known);
    return known;
  }
}

function isActive(found: { readonly membership_state?: string | null | undefined } | undefined): boolean {
  return (found?.membership_state ?? 'active') === 'active';
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
    what: `the approver ${entry} is no group or user that the token sees`,
    fix: 'Correct [approval] approvers, or give a token that may see the group',
    place: { file: 'haute.release.toml' },
  });
}
