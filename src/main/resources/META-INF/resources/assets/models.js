import {get, post} from './api.js';
import {approval, showModel, title} from './card.js';
import {confirmed} from './confirm.js';
import './drafts.js'; // forgets them at signing out
import {byId, element, showProblem} from './dom.js';
import {figure, moment} from './words.js';
import {t} from './texts.js';

const STATES = {
  active: {tone: 'good'},
  shadow: {tone: 'wait'},
  off: {tone: 'quiet'},
};

/** Reloads everything. */
async function show() {
  const {default: name, before, models, switches} = await get('/api/models');
  // by the hash: a model that was never loaded has no figures
  const shadows = await Promise.all(models.map(m => (m.card?.hash ? get(`/api/models/${m.name}/shadow`) : null)));
  byId('count').textContent = t('models.count', {n: models.length});
  byId('models').replaceChildren(...models.map((model, i) => entry(model, shadows[i], before)));
  byId('switches').replaceChildren(...switches.reverse().map(({model, rollback, by, at}) =>
    element('li', {}, t(rollback ? 'models.rolledBack' : 'models.switched', {when: moment(at), model, by}))));
  document.querySelector('details.switches').hidden = switches.length === 0;
  showModel(models.find(model => model.name === name).card);
}

function entry(model, shadow, before) {
  const {name, card, problem} = model;
  const state = STATES[model.state];
  return element('section.entry', {id: `model-${name}`, 'aria-labelledby': `name-${name}`},
    element('div.title', {},
      element('h2', {id: `name-${name}`}, name),
      element(`span.chip.${state.tone}`, {}, t(`models.state.${model.state}`)),
      model.default ? element('span.quiet', {}, since(model)) : null,
      element('span.actions', {}, ...actions(model, before))),
    element('p.said', {role: 'status', tabindex: -1}),
    problem ? element('p.alert.bad', {}, t('models.cannotLoad', {problem})) : null,
    element('div.parts', {},
      facts([[t('models.takesName'), takes(model)], [t('models.rule'), rule(model.rule)], [t('models.layout'), model.family], ...(card ? stated(card) : [])]),
      element('div', {}, ...(card ? evaluation(card) : []), ...inShadow(model, shadow))));
}

const since = ({since, by}) => (since ? t('models.since', {when: moment(since), by}) : t('models.byConfiguration'));

function takes({default: isDefault, state}) {
  return t(isDefault ? 'models.takes.default' : `models.takes.${state}`);
}

function rule(of) {
  const parts = [['modality', of?.modalities], ['bodyPart', of?.bodyParts], ['sourceAe', of?.sourceAes],
    ['language', of?.languages]];
  return parts.filter(([, values]) => values?.length).map(([what, values]) => `${t(`models.${what}`)} ${values.join(` ${t('models.or')} `)}`).join(', ')
    || t('case.none');
}

function stated(card) {
  const settings = [[t('models.layer'), card.layer], [t('models.beta'), card.beta]].filter(([, value]) => value !== null);
  return [
    [t('models.card'), title(card)], [t('models.approval'), approval(card)], [t('frame.intendedUse'), card.intendedUse],
    ...(card.warning ? [[t('models.warning'), element('b', {}, card.warning)]] : []), [t('models.licence'), card.licence],
    [t('models.trainingData'), card.trainingData],
    [t('models.chosen'), settings.map(([what, value]) => `${what} ${value}`).join(', ')],
    [t('models.hash'), card.hash ? hash(card.hash) : t('models.hashLater')],
  ];
}

const hash = whole => element('details', {}, element('summary', {}, element('code', {}, `${whole.slice(0, 12)}…`)),
  element('code', {}, whole));

const facts = rows => element('dl.figures.facts', {}, ...rows.flatMap(([name, value]) =>
  [element('dt', {}, name), element('dd', {}, value || t('models.notStated'))]));

function evaluation(card) {
  return card.evaluation.length === 0 ? [] : [table(t('models.evaluation'),
    ['data', 'figure', 'value', 'date'].map(head => t(`models.${head}`)),
    card.evaluation.map(({data, figure: what, value, date}) => [data, what, value, date]), String)];
}

/** Figures of a shadow model; they remain when it becomes the default. */
function inShadow({state}, shadow) {
  if (!shadow?.n) {
    return state === 'shadow' ? [element('p.quiet', {}, t('models.shadowNone'))] : [];
  }
  const {n, shadow: own, active, rankCorrelation} = shadow;
  return [
    table(t('models.shadowMeans', {n}), ['', t('models.this'), t('models.activeOne')], [
      [t('case.similarity'), own.similarity, active.similarity],
      [`${t('words.scoreLossMap')}; ${t('words.lowerIsBetter')}`, own.confidenceDrop, active.confidenceDrop],
      [t('models.increase'), own.confidenceIncrease, active.confidenceIncrease],
    ]),
    element('p', {}, element('b', {}, figure(rankCorrelation)), ` ${t('models.rank')}; ${t('words.sameMaps')}`),
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
    return [action(name, t('models.makeDefault'), `/api/models/${name}/activate`, t('models.makeDefaultQuestion', {name}))];
  }
  return before ? [action(name, t('models.rollBack', {name: before}), '/api/models/rollback', t('models.rollBackQuestion', {name: before}))] : [];
}

function action(name, what, path, question) {
  return element('button', {type: 'button', onclick: async () => {
    const consequence = t('models.consequence');
    if (!await confirmed(question, consequence, what)) {
      return;
    }
    const buttons = document.querySelectorAll('#models button');
    buttons.forEach(button => { button.disabled = true; });
    tell(name, t('models.loading'));
    let done = null;
    try {
      done = await post(path);
      await show();
      tell(done.name, t('models.isDefault', {name: done.name}));
    } catch (problem) {
      if (done) { // what is on the page is of before: its buttons stay off
        tell(name, `${t('models.isDefault', {name: done.name})} ${t('models.reload', {why: problem.message})}`, 'bad');
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
