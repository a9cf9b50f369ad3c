import {get} from './api.js';
import {IDLE} from './live.js';

const AGAIN = 30_000; // milliseconds

/** What is shown of a case: other results have other ids. */
const shown = of => of.sentences.map(({id}) => id).join();

/**
 * Tells once that the results of a case hold no more: analysed again, or its report corrected or withdrawn. Asked
 * for while the page is seen and somebody is at it, so that a session can end.
 *
 * @param found a case as the API gives it
 * @param changed called with the case as it is now
 */
export function watch(found, changed) {
  let active = Date.now();
  let timer = 0;
  let looking = false;
  for (const sign of ['pointerdown', 'keydown']) {
    addEventListener(sign, () => { active = Date.now(); });
  }
  async function look() {
    clearTimeout(timer);
    if (looking) {
      return;
    }
    looking = true;
    let now = null;
    if (!document.hidden && Date.now() - active < IDLE) {
      const here = await get(`/api/worklist/place?of=${found.id}`).then(place => place.case, () => null);
      now = here && here.updatedAt !== found.updatedAt ? await get(found.links.self).catch(() => null) : null;
    }
    looking = false;
    if (now && shown(now) !== shown(found)) {
      document.removeEventListener('visibilitychange', look);
      changed(now);
    } else {
      timer = setTimeout(look, AGAIN);
    }
  }
  document.addEventListener('visibilitychange', look);
  timer = setTimeout(look, AGAIN);
}
