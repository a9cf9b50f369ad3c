/** The page of the activity log: its filters are in the address. */
import {get} from './api.js';
import {byId, element, showProblem} from './dom.js';
import {language, t} from './texts.js';

const form = byId('filter');
let next = null;

for (const [name, value] of new URLSearchParams(location.search)) {
  if (form.elements[name]) {
    form.elements[name].value = value;
  }
}

/** What the form says, as /api/activity wants it. */
function query() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value) {
      asked.set(name, ['from', 'to'].includes(name) ? new Date(value).toISOString() : value);
    }
  }
  return asked;
}

/** Cases are links. */
function subject(text) {
  const [kind, id] = text.split('/');
  return kind === 'case' && id ? element('a', {href: `/cases/${encodeURIComponent(id)}`}, text) : text;
}

function row(entry) {
  return element('tr', {},
    element('td', {}, element('time', {datetime: entry.at}, new Date(entry.at).toLocaleString(language))),
    element('td', {}, entry.person),
    element('td', {}, entry.address),
    element('td', {}, entry.action),
    element('td', {}, subject(entry.subject)));
}

async function load(before) {
  byId('problem').replaceChildren();
  const asked = query();
  if (before) {
    asked.set('before', before);
  }
  try {
    const found = await get(`/api/activity?${asked}`);
    const rows = found.activity.map(row);
    if (before) {
      byId('activity').append(...rows);
    } else {
      byId('activity').replaceChildren(...rows);
    }
    next = found.next;
    byId('more').hidden = next === null;
    byId('none').textContent = byId('activity').childElementCount ? '' : t('access.none');
  } catch (problem) {
    showProblem(problem);
  }
}

form.addEventListener('submit', event => {
  event.preventDefault();
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  history.replaceState(null, '', `?${asked}`);
  load(null);
});
byId('more').addEventListener('click', () => load(next));
load(null);
