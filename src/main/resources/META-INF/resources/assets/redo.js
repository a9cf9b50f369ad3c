import {get, post} from './api.js';
import {title} from './card.js';
import {confirmed} from './confirm.js';
import {element, mayOpen} from './dom.js';
import {stateOf} from './states.js';
import {t} from './texts.js';

/** The model of a case, and a button for each model it can be attributed with instead. */
export async function showRedo(holder, found) {
  const {redo} = stateOf(found.state);
  if (!redo && !found.model) {
    return;
  }
  const said = element('p', {role: 'status'});
  holder.replaceChildren(element('p', {}, `${t('frame.model')}: `, found.model
    ? element('a', {href: `/models#model-${found.model}`}, found.model) : t('case.noneYet')), said);
  if (redo && mayOpen('administrator')) {
    try {
      const {models} = await get('/api/models');
      const on = models.filter(model => model.state === 'active');
      said.before(element('p.actions', {}, ...on.map(model => button(found, model, said))));
    } catch (problem) {
      said.textContent = problem.message;
    }
  }
}

function button(found, {name, card}, said) {
  return element('button', {type: 'button', title: card && title(card), 'data-model': name, onclick: async () => {
    const consequence = t('case.againConsequence');
    const buttons = said.parentElement.querySelectorAll('button');
    if (!await confirmed(t('case.againQuestion', {name}), consequence, t('case.again'))) {
      return;
    }
    buttons.forEach(each => { each.disabled = true; }); // one at a time
    said.textContent = t('case.starting');
    try {
      await post(`${found.links.redo}?model=${encodeURIComponent(name)}`);
      location.reload();
    } catch (problem) {
      buttons.forEach(each => { each.disabled = false; });
      said.textContent = t('case.failed', {why: problem.message});
    }
  }}, t('case.againWith', {name}));
}
