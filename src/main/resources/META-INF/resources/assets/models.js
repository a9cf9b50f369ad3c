import './bar.js';
import {get, post} from './api.js';
import {approval, showModel, title} from './card.js';
import {confirmed} from './confirm.js';
import './drafts.js'; // forgets them at signing out
import {byId, element, showProblem} from './dom.js';
import {figure, moment} from './words.js';

const STATES = {
  active: {name: 'Active', tone: 'good', takes: 'cases that match its rule'},
  shadow: {name: 'In shadow', tone: 'wait', takes: 'none; it runs alongside the active model, and only its figures are stored'},
  off: {name: 'Off', tone: 'quiet', takes: 'none until it becomes the default'},
};

/** Reloads everything. */
async function show() {
  const {default: name, before, models, switches} = await get('/api/models');
  // by the hash: a model that was never loaded has no figures
  const shadows = await Promise.all(models.map(m => (m.card?.hash ? get(`/api/models/${m.name}/shadow`) : null)));
  byId('count').textContent = models.length === 1
    ? '1 model; the setting m2ib.models adds others'
    : `${models.length} models; the first with a matching rule takes a case`;
  byId('models').replaceChildren(...models.map((model, i) => entry(model, shadows[i], before)));
  byId('switches').replaceChildren(...switches.reverse().map(({model, rollback, by, at}) =>
    element('li', {}, `${moment(at)}: ${model} by ${by}${rollback ? ' (rollback)' : ''}`)));
  document.querySelector('details.switches').hidden = switches.length === 0;
  showModel(models.find(model => model.name === name).card);
}

function entry(model, shadow, before) {
  const {name, card, problem} = model;
  const state = STATES[model.state];
  return element('section.entry', {id: `model-${name}`, 'aria-labelledby': `name-${name}`},
    element('div.title', {},
      element('h2', {id: `name-${name}`}, name),
      element(`span.chip.${state.tone}`, {}, state.name),
      model.default ? element('span.quiet', {}, since(model)) : null,
      element('span.actions', {}, ...actions(model, before))),
    element('p.said', {role: 'status', tabindex: -1}),
    problem ? element('p.alert.bad', {}, `This model cannot be loaded: ${problem}`) : null,
    element('div.parts', {},
      facts([['Takes', takes(model)], ['Rule', rule(model.rule)], ['Layout', model.family], ...(card ? stated(card) : [])]),
      element('div', {}, ...(card ? evaluation(card) : []), ...inShadow(model, shadow))));
}

const since = ({since, by}) => (since ? `Default since ${moment(since)}, set by ${by}` : 'Default by configuration');

function takes({default: isDefault, state}) {
  return isDefault ? 'cases that match no rule' : STATES[state].takes;
}

function rule(of) {
  const parts = [['modality', of?.modalities], ['body part', of?.bodyParts], ['source AE', of?.sourceAes],
    ['language', of?.languages]];
  return parts.filter(([, values]) => values?.length).map(([what, values]) => `${what} ${values.join(' or ')}`).join(', ')
    || 'none';
}

function stated(card) {
  const settings = [['layer', card.layer], ['beta', card.beta]].filter(([, value]) => value !== null);
  return [
    ['Card', title(card)], ['Approval', approval(card)], ['Intended use', card.intendedUse],
    ...(card.warning ? [['Warning', element('b', {}, card.warning)]] : []), ['Licence', card.licence], ['Training data', card.trainingData],
    ['Chosen for maps', settings.map(([what, value]) => `${what} ${value}`).join(', ')],
    ['SHA-256', card.hash ? hash(card.hash) : 'known after loading'],
  ];
}

const hash = whole => element('details', {}, element('summary', {}, element('code', {}, `${whole.slice(0, 12)}…`)),
  element('code', {}, whole));

const facts = rows => element('dl.figures.facts', {}, ...rows.flatMap(([name, value]) =>
  [element('dt', {}, name), element('dd', {}, value || 'not stated')]));

function evaluation(card) {
  return card.evaluation.length === 0 ? [] : [table('Evaluation stated in the model card', ['Data', 'Figure', 'Value', 'Date'],
    card.evaluation.map(({data, figure: what, value, date}) => [data, what, value, date]), String)];
}

/** Figures of a shadow model; they remain when it becomes the default. */
function inShadow({state}, shadow) {
  if (!shadow?.n) {
    return state === 'shadow' ? [element('p.quiet', {}, 'In shadow: no sentences yet.')] : [];
  }
  const {n, shadow: own, active, rankCorrelation} = shadow;
  return [
    table(`In shadow: means over ${n} ${n === 1 ? 'sentence' : 'sentences'} on images`, ['', 'This model', 'Active model'], [
      ['Similarity', own.similarity, active.similarity],
      ['Confidence drop, map only; lower is better', own.confidenceDrop, active.confidenceDrop],
      ['Confidence increase, map only, %', own.confidenceIncrease, active.confidenceIncrease],
    ]),
    element('p', {}, element('b', {}, figure(rankCorrelation)), ' rank correlation of the two models’ maps; 1 = identical maps'),
  ];
}

/** @param inWords formats a number, which may be null */
function table(caption, heads, rows, inWords = figure) {
  const numeric = value => typeof value === 'number' || value === null;
  const cell = value => element(numeric(value) ? 'td.number' : 'td', {}, numeric(value) ? inWords(value) : value);
  return element('table', {}, element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...heads.map((head, i) =>
      element(numeric(rows[0][i]) ? 'th.number' : 'th', {scope: 'col'}, head)))),
    element('tbody', {}, ...rows.map(row => element('tr', {}, ...row.map(cell)))));
}

function actions({name, default: isDefault}, before) {
  if (!isDefault) {
    return [action(name, 'Make default', `/api/models/${name}/activate`, `Make ${name} the default?`)];
  }
  return before ? [action(name, `Roll back to ${before}`, '/api/models/rollback', `Roll back to ${before}?`)] : [];
}

function action(name, what, path, question) {
  return element('button', {type: 'button', onclick: async () => {
    const consequence = 'The model is loaded first. It then attributes new cases that match no rule. Cases in progress keep '
      + 'their model. The change is recorded with your name and can be rolled back.';
    if (!await confirmed(question, consequence, what)) {
      return;
    }
    const buttons = document.querySelectorAll('#models button');
    buttons.forEach(button => { button.disabled = true; });
    tell(name, 'Loading …');
    let done = null;
    try {
      done = await post(path);
      await show();
      tell(done.name, `${done.name} is now the default.`);
    } catch (problem) {
      if (done) { // what is on the page is of before: its buttons stay off
        tell(name, `${done.name} is now the default. Reload this page: ${problem.message}`, 'bad');
        return;
      }
      buttons.forEach(button => { button.disabled = false; });
      tell(name, problem.message, 'bad');
    }
  }}, what);
}

/** Moves the focus to the result, since its button is gone. */
function tell(name, text, tone = '') {
  const said = document.querySelector(`#model-${name} .said`);
  said.className = `said ${tone}`;
  said.textContent = text;
  said.focus();
}

try {
  await show();
  byId(location.hash.slice(1))?.scrollIntoView();
} catch (problem) {
  showProblem(problem);
}
