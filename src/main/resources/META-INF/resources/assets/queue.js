import {get} from './api.js';

/**
 * What a person judges one after the other: in a campaign its sentences in the person's order,
 * else the sentences of one case. Its id is in the page's address.
 */
export const CAMPAIGN = new URLSearchParams(location.search).get('campaign');

/** The campaign that the page's address names, with the person's items; null if it names none. */
export async function campaign() {
  return CAMPAIGN ? {id: CAMPAIGN, ...await get(`/api/campaigns/${encodeURIComponent(CAMPAIGN)}/items`)} : null;
}

/** The address of the item after a sentence; that of the campaign if nothing is left. */
export function after(of, sentence) {
  const at = of.items.findIndex(item => item.sentence === sentence.id);
  const order = [...of.items.slice(at + 1), ...of.items.slice(0, Math.max(at, 0))];
  return order.find(item => !item.judged && !item.withdrawn)?.page ?? `/campaigns/${of.id}`;
}

/** The page of a case; the list that the reader came from goes along. */
export const pageOf = c => `/cases/${c.id}${location.search}`;

/** A case as the worklist shows it, and what follows it in the list that the reader came from; in a campaign, nothing does. */
export async function place(found) {
  const asked = new URLSearchParams(CAMPAIGN ? '' : location.search);
  asked.set('of', found.id);
  const {case: here, next, nextUnjudged} = await get(`/api/worklist/place?${asked}`);
  return CAMPAIGN ? {here, next: null, nextUnjudged: null} : {here, next, nextUnjudged};
}

/** The page of the next case in that list with a sentence that nobody has judged; null if there is none. */
export async function nextCase(found) {
  const {nextUnjudged} = await place(found);
  return nextUnjudged && pageOf(nextUnjudged);
}

/** Loads what the next page needs, so that it is there when it is asked for. */
export function preload(page) {
  const found = page.match(/^\/cases\/([^?]+)\?[^#]*#(\d+)$/);
  if (found) {
    const path = `/api/cases/${found[1]}`;
    get(path).then(c => {
      const sentence = c.sentences.find(s => String(s.n) === found[2]);
      return sentence && Promise.all([get(sentence.links.map), get(sentence.links.frame)]);
    }).catch(() => {}); // the page asks again
  }
}
