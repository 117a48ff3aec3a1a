import type { Problem } from '../../../errors.ts';
import { OWN_TAGS, tagsOf } from '../tags.ts';
import type { Finding, Subject } from './look.ts';
import { tagsFull } from './problems.ts';

/** Tags that AWS lets a resource have; its own do not count. */
const MOST_TAGS = 50;

/** Room for what is kept in the tags of the service: found out in the middle, a promotion could not be settled. */
export function checkTagRoom({ service }: Subject): Finding {
  const others = Object.keys(tagsOf(service.tags)).filter((key) => !/^(haute|aws):/.test(key)).length;
  const problems: readonly Problem[] =
    others + OWN_TAGS > MOST_TAGS ? [tagsFull(service.serviceName ?? '', others, MOST_TAGS - OWN_TAGS)] : [];
  return { problems, notes: [] };
}
