import {get} from './api.js';

/**
 * What a person judges one after the other: in a campaign its sentences in the person's order,
 * else the sentences of one case.
 */
const id = new URLSearchParams(location.search).get('campaign');

/** The campaign that the page's address names, with the person's items; null if it names none. */
export async function campaign() {
  return id ? {id, ...await get(`/api/campaigns/${encodeURIComponent(id)}/items`)} : null;
}

/** The address of the item after a sentence; that of the campaign if nothing is left. */
export function after(of, sentence) {
  const at = of.items.findIndex(item => item.sentence === sentence.id);
  const order = [...of.items.slice(at + 1), ...of.items.slice(0, Math.max(at, 0))];
  return order.find(item => !item.judged && !item.withdrawn)?.page ?? `/campaigns/${of.id}`;
}

/** The page of the next case, in the order of the list, with a sentence that nobody has judged; null if there is none. */
export async function nextCase() {
  const {cases} = await get('/api/cases?limit=100');
  const at = cases.findIndex(c => location.pathname.endsWith(c.id));
  const next = [...cases.slice(at + 1), ...cases.slice(0, Math.max(at, 0))].find(c => c.judged < c.sentences);
  return next ? `/cases/${next.id}` : null;
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
