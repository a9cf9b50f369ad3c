import {get} from './api.js';
import {showModel} from './card.js';
import './drafts.js'; // forgets them at signing out
import {byId, element, showProblem} from './dom.js';
import {again} from './outbox.js';
import {Reading} from './reading.js';
import {showRedo} from './redo.js';
import {showStatus, showStrip} from './status.js';
import {stateChip} from './states.js';
import {t} from './texts.js';

/** Shows one case: its results, or why it has none. */
const id = location.pathname.split('/').pop();
const path = `/api/cases/${encodeURIComponent(id)}`;

try {
  await again(); // so that the case has what was kept
  const found = await get(path);
  const title = found.accessionNumber || found.studyInstanceUid || found.id;
  byId('crumb').textContent = title.length > 64 ? `${title.slice(0, 64)}…` : title;
  document.title = `${byId('crumb').textContent} · m2ib`;
  byId('crumb').title = title;
  byId('state').replaceChildren(stateChip(found.state));
  if (found.sentences.length > 0) {
    showModel(found.sentences[0].model);
    showRedo(byId('redo'), found);
    showStrip(byId('delivery'), found);
    byId('reading').hidden = false;
    await new Reading(found).start();
  } else {
    byId('status').hidden = false;
    showStatus(byId('status'), found);
    showRedo(byId('status').insertBefore(element('div.redo'), byId('status').children[1]), found);
  }
} catch (problem) {
  showProblem(problem);
  byId('problem').append(element('p', {}, element('a.button', {href: '/'}, t('case.all'))));
}
