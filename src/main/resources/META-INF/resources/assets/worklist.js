import {get, post, remove} from './api.js';
import {showAside} from './aside.js';
import {asked, confirmed} from './confirm.js';
import './drafts.js'; // forgets them at signing out
import {brief, byId, element, mayOpen, PERSON, showProblem, unbroken} from './dom.js';
import {download} from './download.js';
import {live} from './live.js';
import {rowInWords} from './quality-words.js';
import {judging} from './schemes.js';
import {STATES, stateChip, stateOf} from './states.js';
import {number, t} from './texts.js';
import {alarmName, day, figure, inReasons, moment, personName} from './words.js';

/** The worklist. The page's address is its filter, order and place, in the words of `/api/worklist`. */
const query = new URLSearchParams(location.search);
const ALARMS = ['contrary', 'other-side', 'map-side', 'shortcut', 'case'];
const PAGE = 50;

/** Columns: name of the text, sort key of the API, cell. The greatest comes first where that is the rule. */
const COLUMNS = [
  {text: 'case.patient', sort: 'patient', cell: nameCell, kind: 'name'},
  {text: 'worklist.studyDate', sort: 'study-date', down: true, kind: 'short.day', cell: c => [brief(day(c.studyDate))]},
  {text: 'worklist.modality', sort: 'modality', kind: 'short', cell: c => [brief([c.modality, c.viewPosition].filter(Boolean).join(' '))]},
  {text: 'worklist.bodyPart', sort: 'body-part', kind: 'short.extra', cell: c => [brief(c.bodyPart)]},
  {text: 'case.accession', sort: 'accession', kind: 'short', cell: c => [brief(c.accessionNumber)]},
  {text: 'worklist.alarms', sort: 'alarms', down: true, kind: 'chips-cell', cell: alarmCell},
  {text: 'worklist.discordance', sort: 'discordance', down: true, kind: 'number', cell: c => [figure(c.discordance, 2)]},
  {text: 'worklist.lowest', sort: 'similarity', kind: 'number', cell: c => [figure(c.lowestSimilarity)]},
  {text: 'worklist.judged', sort: 'unjudged', down: true, kind: 'number',
    cell: c => [c.sentences ? t('worklist.judgedOf', {judged: c.judged, of: c.sentences}) : '–']},
  {text: 'worklist.assigned', sort: 'assigned', kind: 'short', cell: c => [brief(c.assignedTo) || '–']},
  {text: 'frame.model', sort: 'model', kind: 'short.extra', cell: c => [brief(c.model)]},
  {text: 'worklist.state', sort: 'state', cell: c => [stateChip(c.state), stateOf(c.state).tone === 'bad' ? element('span.reason', {}, inReasons(c.reasons)) : ''], kind: 'rest'},
  {text: 'case.changed', sort: 'updated', down: true, cell: c => [element('time', {datetime: c.updatedAt}, ...unbroken(moment(c.updatedAt)))]},
];

const PRESETS = [['worklist.all', ''], ['worklist.mine', 'assigned=me'], ['worklist.unjudged', 'judged=no'],
  ['worklist.withAlarms', 'alarm=any'], ['worklist.sample', 'sort=random']];

/** The filter and order without the place in it. */
function filterOf(params) {
  const filter = new URLSearchParams(params);
  filter.delete('cursor');
  return filter;
}

/** The address of a list; the filter goes along to a case, so that it knows the next one. */
const address = filter => (filter.size ? `/?${filter}` : '/');
const caseAddress = id => `/cases/${id}${filterOf(query).size ? `?${filterOf(query)}` : ''}`;

function nameCell(c) {
  const name = personName(c.patientName) || c.patientId || t('worklist.noPatient');
  return [
    element('a', {href: caseAddress(c.id), title: name}, brief(name)),
    element('small', {}, [name === c.patientId ? '' : brief(c.patientId)].filter(Boolean).join(' ')),
  ];
}

function alarmCell(c) {
  return c.alarmKinds.length
    ? c.alarmKinds.map(kind => element('span.chip.warn', {}, alarmName(kind)))
    : [c.alarms ? element('span.chip.warn', {}, String(c.alarms)) : c.sentences ? t('worklist.noAlarm') : '–'];
}

/** Ids of the chosen cases, also of other pages of the same list: they last as long as its filter. */
const chosen = new Set(kept());
const AT_ONCE = 80; // ids in one address

/** What a selection is of: the filter, in whatever order. */
function listed() {
  const filter = filterOf(query);
  filter.delete('sort');
  filter.delete('seed');
  filter.sort();
  return `${PERSON}?${filter}`;
}

function kept() {
  try {
    const {of, ids} = JSON.parse(sessionStorage.getItem('m2ib.chosen')) ?? {};
    return of === listed() ? ids : [];
  } catch {
    return []; // a browser that keeps nothing
  }
}

function keep() {
  try {
    sessionStorage.setItem('m2ib.chosen', JSON.stringify({of: listed(), ids: [...chosen]}));
  } catch {
    // it lasts as long as the page
  }
}

function row(c) {
  const pick = element('input', {type: 'checkbox', checked: chosen.has(c.id),
    'aria-label': t('worklist.pick', {accession: brief(c.accessionNumber) || c.id}), onchange: event => {
      chosen[event.target.checked ? 'add' : 'delete'](c.id);
      showSelection();
    }});
  const made = element('tr', {id: `case-${c.id}`, onclick: event =>
    event.target.closest('a, input, td.pick') || location.assign(caseAddress(c.id))},
  element('td.pick', {}, pick),
  element('td.map', {}, c.links.thumbnail
    ? element('img.thumbnail', {src: c.links.thumbnail, alt: '', loading: 'lazy', width: 48, height: 48}) : ''),
  ...COLUMNS.map(({text, kind, cell}) =>
    cellOf(text, kind, cell(c).map(part => part ?? ''))));
  made.shown = c;
  return made;
}

function cellOf(text, kind, parts) {
  return element(kind ? `td.${kind}` : 'td', {'data-label': t(text), dir: kind === 'name' ? 'auto' : null,
    title: kind?.startsWith('short') ? brief(parts.join(' ')) : null}, ...parts);
}

function heads() {
  const sort = query.get('sort') ?? '-updated';
  byId('heads').replaceChildren(
    element('td.pick', {}, element('input', {type: 'checkbox', id: 'pick-all', 'aria-label': t('worklist.pickAll'), onchange: pickAll})),
    element('td', {}),
    ...COLUMNS.map(column => {
      const now = sort.replace(/^-/, '') === column.sort ? (sort.startsWith('-') ? 'descending' : 'ascending') : null;
      const down = now ? now === 'ascending' : Boolean(column.down);
      return element({number: 'th.number', 'short.extra': 'th.extra'}[column.kind] ?? 'th', {scope: 'col', 'aria-sort': now},
        element('button', {type: 'button', onclick: () => {
          const filter = filterOf(query);
          filter.set('sort', `${down ? '-' : ''}${column.sort}`);
          location.assign(address(filter));
        }}, t(column.text), now ? element('span', {'aria-hidden': 'true'}, now === 'ascending' ? '↑' : '↓') : null));
    }));
}

function pickAll(event) {
  for (const shown of byId('rows').children) {
    chosen[event.target.checked ? 'add' : 'delete'](shown.shown.id);
    shown.querySelector('.pick input').checked = event.target.checked;
  }
  showSelection();
}

/** How many are chosen, and how many of them are not in sight. */
function tellSelected() {
  const apart = [...chosen].filter(id => !byId(`case-${id}`)).length;
  byId('selected').textContent = [t('worklist.selected', {n: chosen.size}), apart ? t('worklist.selectedApart', {n: apart}) : ''].filter(Boolean).join(', ');
  keep();
}

function showSelection() {
  byId('selection').hidden = chosen.size === 0;
  tellSelected();
  const all = [...byId('rows').children];
  byId('pick-all').checked = all.length > 0 && all.every(shown => chosen.has(shown.shown.id));
  byId('assign').hidden = !mayOpen('reviewer', 'administrator');
  byId('analyse-again').hidden = !mayOpen('administrator');
  byId('redeliver').hidden = !mayOpen('administrator');
}

/** Does something to each chosen case, one after the other; those that fail stay chosen. */
async function each(work) {
  const failed = [];
  const buttons = byId('selection').querySelectorAll('button');
  buttons.forEach(button => { button.disabled = true; });
  const all = [...chosen];
  for (const [i, id] of all.entries()) {
    byId('done').textContent = t('worklist.working', {i: i + 1, of: all.length});
    try {
      await work(id);
      chosen.delete(id);
    } catch (problem) {
      failed.push(problem.message);
    }
  }
  buttons.forEach(button => { button.disabled = false; });
  byId('done').textContent = failed.length
    ? t('worklist.someFailed', {done: all.length - failed.length, failed: failed.length, why: failed[0]})
    : t('worklist.allDone', {n: all.length});
  tellSelected();
  showPicks();
}

function showPicks() {
  for (const shown of byId('rows').children) {
    shown.querySelector('.pick input').checked = chosen.has(shown.shown.id);
  }
}

/** The chosen cases as one table, asked for in parts, as an address has room for so many ids only. */
async function exportChosen() {
  const ids = [...chosen];
  const parts = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE).map(id => `id=${id}`).join('&');
    const text = new TextDecoder().decode(await get(`/api/worklist/export?${some}`, 'text/csv'));
    parts.push(from === 0 ? text : text.slice(text.indexOf('\n') + 1)); // the headings once
  }
  download(new Blob(parts, {type: 'text/csv'}), 'cases.csv');
}

function connectSelection() {
  byId('assign').addEventListener('click', async () => {
    const person = await asked(t('worklist.assignTo'), t('worklist.assignHint'), PERSON, t('worklist.assign'));
    if (person !== null) {
      await each(id => post(`/api/cases/${id}/assignment`, {person: person.trim() || null}));
    }
  });
  byId('analyse-again').addEventListener('click', async () => {
    const {default: model} = await get('/api/models');
    if (await confirmed(t('worklist.againQuestion', {n: chosen.size, name: model}), t('case.againConsequence'), t('case.again'))) {
      await each(id => post(`/api/cases/${id}/redo?model=${encodeURIComponent(model)}`));
    }
  });
  byId('redeliver').addEventListener('click', () => each(id => post(`/api/cases/${id}/redelivery`)));
  byId('export').addEventListener('click', () => exportChosen().catch(showProblem));
  byId('unselect').addEventListener('click', () => {
    chosen.clear();
    showPicks();
    showSelection();
    byId('pick-all').focus(); // the button is gone
  });
}

byId('filter').addEventListener('submit', event => {
  event.preventDefault();
  const wanted = new URLSearchParams([...new FormData(byId('filter'))].map(([k, v]) => [k, v.trim()]).filter(([, v]) => v));
  for (const kept of ['sort', 'seed'].filter(k => query.get(k))) {
    wanted.set(kept, query.get(kept));
  }
  location.assign(address(wanted));
});

/** A part of the filter, which can be taken away. */
function chip(parameter, text, name) {
  const without = filterOf(query);
  without.delete(parameter);
  return element('li', {}, text, element('button', {type: 'button',
    'aria-label': t('worklist.without', {name}), onclick: () => location.assign(address(without))}, '×'));
}

/** Fills the filter from the address, and shows what is set as chips that can be taken away. */
async function showFilter() {
  for (const value of Object.keys(STATES)) {
    byId('state').append(element('option', {value}, stateOf(value).name));
  }
  byId('alarm').append(...ALARMS.map(value => element('option', {value}, alarmName(value))));
  const {modalities, bodyParts, models, assigned, devices} = await get('/api/worklist/values');
  for (const [id, values] of [['modality', modalities], ['body-part', bodyParts], ['model-name', models], ['assigned', assigned], ['device', devices]]) {
    byId(id).append(...values.map(value => element('option', {value}, value)));
  }
  const filter = byId('filter');
  const names = new Set([...filter.elements].map(field => field.name));
  const chips = [...query].filter(([name]) => !names.has(name) && !['sort', 'seed', 'cursor'].includes(name))
    .map(([name, value]) => chip(name, `${name}: ${brief(value)}`, name)); // of a view of before, which nothing here sets any more
  for (const field of [...filter.elements].filter(f => f.name && query.get(f.name))) {
    const value = query.get(field.name);
    if (field.tagName === 'SELECT' && ![...field.options].some(o => o.value === value)) {
      field.append(element('option', {value}, value));
    }
    field.value = field.type === 'date' ? value.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3') : value;
    const ofRow = field.name === 'quality'; // hidden: only the quality page sets it
    const name = ofRow ? t('frame.page.quality') : filter.querySelector(`label[for="${field.id}"]`).textContent;
    const said = ofRow ? rowInWords(value, (await judging()).schemes) : field.tagName === 'SELECT' ? field.selectedOptions[0].textContent : value;
    chips.push(chip(field.name, `${name}: ${ofRow ? said : brief(said)}`, name));
    filter.querySelector('.more').open ||= Boolean(field.closest('.more')) && !ofRow;
  }
  byId('chips').replaceChildren(...chips, ...(chips.length > 1
    ? [element('li', {}, element('button', {type: 'button', onclick: () => location.assign('/')}, t('worklist.clear')))] : []));
}

async function showViews(views) {
  const here = filterOf(query).toString();
  const link = (name, of) => element('a', {href: of ? `/?${of}` : '/', 'aria-current': of === here ? 'true' : null}, name);
  const seeded = of => (of === 'sort=random' ? `sort=random&seed=${query.get('seed') ?? Math.floor(Math.random() * 1e6)}` : of);
  byId('views').replaceChildren(
    ...PRESETS.map(([text, of]) => element('li', {}, link(t(text), seeded(of)))),
    ...views.map(({name, query: of}) => element('li', {}, link(name, of), element('button', {type: 'button',
      'aria-label': t('worklist.removeView', {name}), onclick: () => changeViews(async () => {
        try {
          return await remove(`/api/worklist/views/${encodeURIComponent(name)}`);
        } catch (problem) {
          if (problem.status !== 404) {
            throw problem;
          }
          return get('/api/worklist/views'); // it was removed on another page
        }
      })}, '×'))));
}

/** @param change gives the views that there are then */
async function changeViews(change) {
  byId('problem').replaceChildren();
  try {
    await showViews((await change()).views);
    byId('save-view').focus(); // the button may be gone
  } catch (problem) {
    showProblem(problem);
  }
}

byId('save-view').addEventListener('click', async () => {
  const name = await asked(t('worklist.saveView'), t('worklist.viewName'), '', t('worklist.save'), 80);
  if (name?.trim()) {
    await changeViews(() => post('/api/worklist/views', {name: name.trim(), query: filterOf(query).toString()}));
  }
});

/** Rows change in place as the service tells of what has changed behind a version of the list. */
function followChanges(version) {
  const others = new Set();
  live(c => {
    const old = byId(`case-${c.id}`);
    if (old && old.shown.version < c.version) {
      const made = row(c);
      made.classList.add('changed');
      const focused = old.contains(document.activeElement);
      old.replaceWith(made);
      if (focused) {
        made.querySelector('a').focus();
      }
    } else if (!old && c.version > version) {
      others.add(c.id);
      byId('live').replaceChildren(element('a', {href: location.href}, t('worklist.others', {n: others.size})));
    }
  }, version);
}

/** Where the page was scrolled to when it was left for a case; with its entry in the history, so that signing out leaves nothing. */
addEventListener('pagehide', () => history.replaceState({scroll: scrollY}, ''));

try {
  heads();
  const views = get('/api/worklist/views').then(({views: own}) => showViews(own));
  const wanted = new URLSearchParams(query);
  wanted.set('limit', PAGE);
  const [{cases, total, next, version}] = await Promise.all([get(`/api/worklist?${wanted}`), showFilter(), views]);
  byId('rows').replaceChildren(...cases.map(row));
  document.querySelector('table').hidden = cases.length === 0;
  const newest = !query.get('sort') || query.get('sort') === '-updated';
  byId('count').textContent = cases.length
    ? t(newest ? 'worklist.countNewest' : 'worklist.count', {n: cases.length, total: total ?? t('worklist.many', {many: number(1000)})})
    : query.size > 0 ? t('worklist.noMatch') : t('worklist.empty');
  byId('first').hidden = !query.get('cursor');
  byId('first').href = address(filterOf(query));
  byId('next').hidden = next === null;
  if (next) {
    const further = filterOf(query);
    further.set('cursor', next);
    byId('next').href = address(further);
  }
  connectSelection();
  showSelection();
  if (performance.getEntriesByType('navigation')[0]?.type === 'back_forward') {
    scrollTo(0, history.state?.scroll ?? 0);
  }
  sessionStorage.setItem('m2ib.list', location.search); // where a case leads back to
  followChanges(version);
  if (mayOpen('administrator')) {
    await showAside();
  }
} catch (problem) {
  document.querySelector('table').hidden = true;
  showProblem(problem.status === 400 ? {message: t('worklist.filterRefused')} : problem);
  if (problem.status === 400) { // of a view or bookmark of before
    byId('problem').append(element('p', {}, element('a', {href: '/'}, t('worklist.showAll'))));
  }
}
