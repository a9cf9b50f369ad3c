import {get, post} from './api.js';
import {byId, element, showProblem} from './dom.js';
import './outbox.js';
import {inLanguage, judging} from './schemes.js';
import {t} from './texts.js';
import {moment} from './words.js';

/** The list of campaigns and, for those who may, a form for another. */
const NUMBERS = ['size', 'similarityFrom', 'similarityTo', 'seed'];
const FILTER = ['alarm', 'modality', 'bodyPart', 'callingAeTitle', 'model', 'similarityFrom', 'similarityTo', 'from', 'to'];

function row(c) {
  return element('tr', {}, element('td', {}, element('a', {href: `/campaigns/${c.id}`}, c.question),
    c.open ? null : element('span.chip', {}, t('campaigns.ended'))),
  cell('scheme', 'td', c.scheme), cell('judged', 'td.number', t('campaigns.of', {judged: c.judged, of: c.items})),
  cell('yours', 'td.number', c.mine ? t('campaigns.of', {judged: c.mine.judged, of: c.mine.assigned}) : '–'),
  cell('deadline', 'td', c.deadline ? moment(c.deadline) : '–'), cell('started', 'td', `${moment(c.createdAt)}, ${c.createdBy}`));
}

/** With the heading that it has where there is no room for columns. */
const cell = (heading, kind, text) => element(kind, {'data-label': t(`campaigns.${heading}`)}, text);

/** What is filled in, by name; numbers as numbers. */
function valuesOf(inputs) {
  const values = {};
  for (const input of inputs) {
    const value = input.type === 'checkbox' ? input.checked : input.value.trim();
    if (input.name && value) {
      values[input.name] = NUMBERS.includes(input.name) ? Number(value) : value;
    }
  }
  return values;
}

function stratum(fieldset) {
  const values = valuesOf(fieldset.querySelectorAll('input'));
  return {name: values.name, size: values.size,
    filter: Object.fromEntries(FILTER.filter(name => name in values).map(name => [name, values[name]]))};
}

function bodyOf(form) {
  const values = valuesOf([...form.elements].filter(input => !input.closest('fieldset')));
  const strata = [...byId('samples').children].map(stratum);
  return {
    question: values.question, scheme: values.scheme, seed: values.seed,
    ...strata.length > 1 ? {strata} : {size: strata[0].size, filter: strata[0].filter},
    readers: values.readers.split(',').map(name => name.trim()).filter(Boolean),
    doubleShare: Number(values.double ?? 0) / 100, blind: Boolean(values.blind),
    deadline: values.deadline ? new Date(`${values.deadline}T23:59:59`).toISOString() : null, // the end of the person's day
  };
}

/** One sample has no name and stays; several are strata, each with a name of its own. */
function showStrata() {
  const all = [...byId('samples').children];
  const several = all.length > 1;
  all.forEach((fieldset, i) => {
    fieldset.querySelector('legend').textContent = several ? t('campaigns.stratum', {n: i + 1}) : t('campaigns.sample');
    const name = fieldset.querySelector('[name=name]');
    name.closest('label').hidden = !several;
    name.disabled = !several;
    name.required = several;
    const remove = fieldset.querySelector('[name=remove]');
    remove.hidden = !several;
    remove.setAttribute('aria-label', t('campaigns.removeStratumN', {n: i + 1}));
    remove.onclick = () => {
      const next = all[i + 1] ?? all[i - 1];
      fieldset.remove();
      showStrata();
      next.querySelector(all.length > 2 ? '[name=name]' : '[name=size]').focus(); // the button is gone
    };
  });
  byId('strata').textContent = several ? t('campaigns.strata', {n: all.length}) : '';
}

/** The new one begins empty, except for its size. */
function addStratum() {
  const last = byId('samples').lastElementChild;
  const added = last.cloneNode(true);
  for (const input of added.querySelectorAll('input:not([name=size])')) {
    input.value = '';
    input.checked = false;
  }
  last.after(added);
  showStrata();
  byId('samples').firstElementChild.querySelector('[name=name]').value ||= t('campaigns.stratum', {n: 1});
  added.querySelector('[name=name]').focus();
}

try {
  const {campaigns} = await get('/api/campaigns');
  byId('rows').replaceChildren(...campaigns.map(row));
  byId('list').hidden = campaigns.length === 0;
  byId('count').textContent = campaigns.length ? t('campaigns.count', {n: campaigns.length}) : t('campaigns.none');
  if (byId('undecided')) {
    const {sentences} = await get('/api/arbitrations');
    byId('undecided').hidden = sentences.length === 0;
    byId('arbitrations').replaceChildren(...sentences.map(s => element('li', {},
      element('a', {href: s.page}, t('campaigns.sentenceOf', {n: s.n + 1, case: s.caseId})))));
  }
  const form = byId('new');
  if (form) {
    const {schemes} = await judging();
    form.elements.scheme.append(...schemes.filter(s => !s.retired).map(s => element('option', {value: s.code}, inLanguage(s.display))));
    byId('add').addEventListener('click', addStratum);
    showStrata();
    form.addEventListener('submit', async event => {
      event.preventDefault();
      const button = form.querySelector('[type=submit]');
      if (button.ariaDisabled === 'true') {
        return; // pressed twice, it is one campaign
      }
      button.ariaDisabled = 'true';
      try {
        const made = await post('/api/campaigns', bodyOf(form));
        location.assign(`/campaigns/${made.id}`);
      } catch (problem) {
        button.ariaDisabled = null;
        showProblem(problem);
        byId('problem').scrollIntoView({block: 'center'}); // the form may be long
      }
    });
  }
} catch (problem) {
  showProblem(problem);
}
