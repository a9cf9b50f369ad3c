import {get} from './api.js';
import {byId, element, showProblem} from './dom.js';
import {Reading} from './reading.js';
import {showStatus, showStrip} from './status.js';
import {stateChip} from './states.js';

/** One case: what there is to read, or why there is nothing. */
const id = location.pathname.split('/').pop();
const path = `/api/cases/${encodeURIComponent(id)}`;

// the image stays below the bar where all stands in one column
new ResizeObserver(([bar]) => document.documentElement.style.setProperty('--bar', `${bar.target.offsetHeight}px`))
  .observe(document.querySelector('.bar'));

try {
  const found = await get(path);
  const title = found.accessionNumber || found.studyInstanceUid || found.id;
  document.title = `${title} · m2ib`;
  byId('crumb').textContent = title;
  byId('state').replaceChildren(stateChip(found.state));
  showModel(found.sentences[0]?.model);
  if (found.sentences.length > 0) {
    showStrip(byId('delivery'), found);
    byId('reading').hidden = false;
    await new Reading(found).start();
  } else {
    byId('status').hidden = false;
    showStatus(byId('status'), found);
  }
} catch (problem) {
  showProblem(problem);
  byId('problem').append(element('p', {}, element('a.button', {href: '/'}, 'All cases')));
}

/** The model that made these maps: it may be another than the one in use now. */
function showModel(model) {
  if (model) {
    byId('model').replaceChildren(
      element('span', {}, `Model ${model.name}${model.version ? `, version ${model.version}` : ''}`),
      element('span', {}, model.approvedBy ? `Approved by ${model.approvedBy}, ${model.approvedOn}` : 'Not approved'),
      model.intendedUse ? element('span', {}, `Intended use: ${model.intendedUse}`) : '',
      element('b', {}, model.warning));
  }
}
