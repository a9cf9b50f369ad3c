import {get, post} from './api.js';
import {byId, element, showProblem} from './dom.js';
import './outbox.js';
import {inLanguage, judging} from './schemes.js';
import {t} from './texts.js';
import {moment} from './words.js';

/** The list of campaigns and, for those who may, a form for another. */
const NUMBERS = ['size', 'similarityFrom', 'similarityTo', 'seed'];
const FILTER = ['modality', 'bodyPart', 'callingAeTitle', 'model', 'similarityFrom', 'similarityTo', 'from', 'to'];

function row(c) {
  return element('tr', {}, element('td', {}, element('a', {href: `/campaigns/${c.id}`}, c.question),
    c.open ? null : element('span.chip', {}, t('campaigns.ended'))),
  cell('scheme', 'td', c.scheme), cell('judged', 'td.number', t('campaigns.of', {judged: c.judged, of: c.items})),
  cell('yours', 'td.number', c.mine ? t('campaigns.of', {judged: c.mine.judged, of: c.mine.assigned}) : '–'),
  cell('deadline', 'td', c.deadline ? moment(c.deadline) : '–'), cell('started', 'td', `${moment(c.createdAt)}, ${c.createdBy}`));
}

/** With the heading that it has where there is no room for columns. */
const cell = (heading, kind, text) => element(kind, {'data-label': t(`campaigns.${heading}`)}, text);

function bodyOf(form) {
  const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  for (const name of NUMBERS) {
    if (name in values) {
      values[name] = Number(values[name]);
    }
  }
  const filter = Object.fromEntries(FILTER.filter(name => name in values).map(name => [name, values[name]]));
  if (values.alarm) {
    filter.alarm = true;
  }
  return {
    question: values.question, scheme: values.scheme, size: values.size, seed: values.seed, filter,
    readers: values.readers.split(',').map(name => name.trim()).filter(Boolean),
    doubleShare: Number(values.double ?? 0) / 100, blind: Boolean(values.blind),
    deadline: values.deadline ? `${values.deadline}T23:59:59Z` : null,
  };
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
    form.addEventListener('submit', async event => {
      event.preventDefault();
      try {
        const made = await post('/api/campaigns', bodyOf(form));
        location.assign(`/campaigns/${made.id}`);
      } catch (problem) {
        showProblem(problem);
      }
    });
  }
} catch (problem) {
  showProblem(problem);
}
