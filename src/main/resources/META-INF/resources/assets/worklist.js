import {get} from './api.js';
import {showAside} from './aside.js';
import './drafts.js'; // forgets them at signing out
import {byId, element, showProblem} from './dom.js';
import {STATES, stateChip, stateOf} from './states.js';
import {t} from './texts.js';
import {figure, moment} from './words.js';

/** The case list. The page's query string is passed to the API. */
const query = new URLSearchParams(location.search);
const filter = byId('filter');
for (const value of Object.keys(STATES)) {
  byId('state').append(element('option', {value}, stateOf(value).name));
}
for (const field of filter.elements) {
  if (field.name) {
    field[field.type === 'checkbox' ? 'checked' : 'value'] = query.get(field.name) ?? '';
  }
}
filter.addEventListener('submit', event => {
  event.preventDefault();
  const asked = new URLSearchParams([...new FormData(filter)].map(([k, v]) => [k, v.trim()]).filter(([, v]) => v));
  location.assign(asked.size ? `/?${asked}` : '/');
});

const LONG = 64;
const shortened = text => (text?.length > LONG ? `${text.slice(0, LONG)}…` : text);

/** Keeps both ends of a UID: studies of one sender differ in the last digits. */
function shortUid(uid) {
  return uid?.length > 40 ? `${uid.slice(0, 20)}…${uid.slice(-18)}` : uid;
}

function row(c) {
  const link = `/cases/${c.id}`;
  return element('tr', {onclick: event => event.target.closest('a, details') || location.assign(link)},
    element('td.name', {},
      element('a', {href: link, title: c.accessionNumber}, shortened(c.accessionNumber) || t('worklist.noAccession')),
      c.accessionNumber?.length > LONG ? element('details', {}, element('summary', {}, t('worklist.fullNumber')), c.accessionNumber) : null,
      element('span.uid', {title: c.studyInstanceUid}, shortUid(c.studyInstanceUid) || t('worklist.noStudy')),
      c.model && c.model !== 'default' ? element('span.uid', {}, `${t('frame.model')} ${c.model}`) : null),
    element('td', {'data-label': t('worklist.state')}, stateChip(c.state), c.reason ? element('span.reason', {}, c.reason) : null),
    element('td.number', {'data-label': t('worklist.sentences')}, c.sentences ? String(c.sentences) : '–'),
    element('td.number', {'data-label': t('worklist.lowest')}, figure(c.lowestSimilarity)),
    element('td.number', {'data-label': t('worklist.alarms')}, c.alarms ? element('span.chip.warn', {}, String(c.alarms)) : c.sentences ? '0' : '–'),
    element('td.number', {'data-label': t('worklist.judged')}, c.sentences ? t('worklist.judgedOf', {judged: c.judged, of: c.sentences}) : '–'),
    element('td', {'data-label': t('case.changed')}, element('time', {datetime: c.updatedAt}, moment(c.updatedAt))));
}

/** Links to another page of the list; hidden if there is none. */
function turn(id, offset) {
  byId(id).hidden = offset === null;
  if (offset !== null) {
    const other = new URLSearchParams(query);
    other.set('offset', offset);
    byId(id).href = `/?${other}`;
  }
}

try {
  if (!query.has('limit')) {
    query.set('limit', '50');
  }
  const {cases, next} = await get(`/api/cases?${query}`);
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit'));
  byId('rows').replaceChildren(...cases.map(row));
  document.querySelector('table').hidden = cases.length === 0;
  byId('count').textContent = cases.length
    ? t('worklist.range', {from: offset + 1, to: offset + cases.length})
    : query.size > 1 ? t('worklist.noMatch') : t('worklist.empty');
  turn('previous', offset > 0 ? Math.max(0, offset - limit) : null);
  turn('next', next ? offset + limit : null);
  await showAside();
} catch (problem) {
  showProblem(problem);
}
