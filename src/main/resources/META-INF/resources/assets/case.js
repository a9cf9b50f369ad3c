import {get} from './api.js';
import {showModel} from './card.js';
import {watch} from './changed.js';
import './drafts.js'; // forgets them at signing out
import {byId, element, showProblem} from './dom.js';
import {again} from './outbox.js';
import {Reading} from './reading.js';
import {showRedo} from './redo.js';
import {stateOf} from './states.js';
import {showProgress, showStatus} from './status.js';
import {t} from './texts.js';
import {showPlace, showTop} from './top.js';

/** Shows one case: its results, or why it has none. */
const id = location.pathname.split('/').pop();
const path = `/api/cases/${encodeURIComponent(id)}`;

try {
  await again(); // so that the case has what was kept
  const found = await get(path);
  let reading = null;
  showTop(found, sentence => reading?.choose(sentence));
  const place = showPlace(found);
  if (found.sentences.length > 0) {
    showModel(found.sentences[0].model);
    showRedo(byId('redo'), found);
    showProgress(byId('delivery'), found);
    byId('reading').hidden = false;
    reading = new Reading(found);
    await Promise.all([reading.start(), place]);
    watch(found, now => {
      const said = t(now.sentences.length ? 'case.replaced' : 'case.noLonger', {state: stateOf(now.state).name});
      byId('problem').replaceChildren(element('p.alert.bad', {}, said, ' ',
        element('button', {type: 'button', id: 'load-again', onclick: () => location.reload()}, t('case.loadAgain'))));
      reading.outdate(said);
    });
  } else {
    byId('status').hidden = false;
    showStatus(byId('status'), found);
    showRedo(byId('status').insertBefore(element('div.redo'), byId('status').children[1]), found);
    await place;
  }
} catch (problem) {
  showProblem(problem);
  byId('problem').append(element('p', {}, element('a.button', {href: '/'}, t('case.all'))));
}
