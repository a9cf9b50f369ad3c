import {get} from './api.js';
import {chart, percent, picture} from './chart.js';
import {byId, element, showProblem} from './dom.js';
import {download} from './download.js';
import './drafts.js'; // forgets them at signing out
import {groupName, nameOfMeasure} from './quality-words.js';
import {t} from './texts.js';
import {figure} from './words.js';

/** Figures over many cases. The page's address is its filter, in the words of `/api/quality`. */
const query = new URLSearchParams(location.search);
const FILTERS = ['model', 'modality', 'sender', 'from', 'to', 'referenceFrom', 'referenceTo', 'step'];
const AGAIN = 5000; // milliseconds
const [MODERATE, LARGE, LIMIT] = [0.1, 0.25, 5]; // as org.m2ib.quality has them
const filter = new URLSearchParams(FILTERS.filter(name => query.get(name)).map(name => [name, query.get(name)]));
let schemes = [];

const constant = (name, value, colour, rows) => ({name, colour, dash: true, rows, value: () => value});
const own = (name, colour, rows, more = {}) => ({name, colour, rows, value: row => row.value, ...more});
const shares = {zero: true, inWords: percent};

const measureName = code => nameOfMeasure(code, schemes);

/** Points with intervals, one for each group. */
const groups = of => (title, rows) => ({...of, groups: rows.map(row => groupName(row.by, row.group)),
  series: [own(title, 'accent', rows, {points: true, interval: true, bare: true})]});

/** A figure: what it offers to choose, its chart, and its columns beside group, cases and number. */
const FIGURES = {
  agreement: {draw: groups({...shares, most: 1}), columns: ['share', 'interval'], inWords: percent},
  concordance: {columns: ['share', 'interval'], inWords: percent, draw: (title, rows) => ({...shares, most: 1, time: true,
    groups: rows.map(row => row.group), series: [own(title, 'accent', rows, {points: true, interval: true})]})},
  drift: {columns: ['index', 'byChance', 'verdict'], draw: (title, rows) => ({time: true, zero: true, groups: rows.map(row => row.group), series: [
    own(t('quality.index'), 'accent', rows, {points: true}),
    {...own(t('quality.byChance'), 'quiet', rows, {dash: true}), value: row => row.byChance},
    constant(t('quality.moderateFrom'), MODERATE, 'warn', rows), constant(t('quality.largeFrom'), LARGE, 'bad', rows)]})},
  cusum: {columns: ['mean', 'up', 'down', 'verdict'], draw: (title, rows) => ({time: true, zero: true, groups: rows.map(row => row.group), series: [
    {...own(t('quality.up'), 'accent', rows, {alarm: 'up'}), value: row => row.up},
    {...own(t('quality.down'), 'wait', rows, {alarm: 'down'}), value: row => row.down},
    constant(t('quality.limit'), LIMIT, 'bad', rows)], inWords: value => figure(value, 1)})},
  maps: {draw: groups(shares), columns: ['meanShare', 'interval'], inWords: percent},
  subgroups: {draw: (title, rows) => groups(rows[0].measure === 'similarity' ? {} : {...shares, most: 1})(title, rows),
    columns: ['value', 'interval'], inWords: (value, row) => (row.measure === 'similarity' ? figure(value) : percent(value))},
  turnaround: {columns: ['value'], inWords: (value, row) => figure(value, row.measure.endsWith('minutes') ? 1 : 0),
    together: {duration: ['median-minutes', 'p90-minutes'], volume: ['received', 'delivered']},
    draw: (title, rows) => {
      const measures = [...new Set(rows.map(row => row.measure))];
      const months = [...new Set(rows.map(row => row.group))].sort();
      return {time: true, zero: true, groups: months, inWords: value => figure(value, Number.isInteger(value) ? 0 : 1), series: measures.map((measure, i) =>
        own(measureName(measure), ['accent', 'warn'][i], months.map(month =>
          rows.find(row => row.measure === measure && row.group === month) ?? null), {points: true}))};
    }},
};

const CELLS = {
  share: (row, words) => words(row.value, row), meanShare: (row, words) => words(row.value, row),
  value: (row, words) => words(row.value, row), mean: row => figure(row.value), index: row => figure(row.value),
  interval: (row, words) => (row.low === null ? '–' : t('quality.range', {low: words(row.low, row), high: words(row.high, row)})),
  byChance: row => figure(row.byChance), up: row => figure(row.up, 2), down: row => figure(row.down, 2),
  verdict: row => (row.verdict ? element(`span.chip.${{stable: 'good', moderate: 'warn'}[row.verdict] ?? 'bad'}`, {}, t(`quality.verdict.${row.verdict}`)) : ''),
};

/** To the cases of a row, in the worklist. */
function casesLink(name, row) {
  const address = new URLSearchParams(filter);
  for (const [key, value] of [['figure', name], ['measure', row.measure], ['by', row.by], ['group', row.group]]) {
    if (value) {
      address.set(key, value);
    }
  }
  return element('a', {href: `/?${new URLSearchParams({quality: address})}`,
    'aria-label': t('quality.casesOf', {n: row.cases, group: groupName(row.by, row.group)})}, String(row.cases));
}

function table(name, caption, rows, several) {
  const {columns, inWords = figure} = FIGURES[name];
  const heads = [...(several ? ['measure'] : []), 'group', 'cases', 'n', ...columns];
  const number = head => !['measure', 'group', 'verdict'].includes(head);
  return element('table', {}, element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...heads.map(head =>
      element(number(head) ? 'th.number' : 'th', {scope: 'col'}, t(`quality.column.${head}`))))),
    element('tbody', {}, ...rows.map(row => element('tr', {'data-group': row.group},
      ...(several ? [element('td', {}, measureName(row.measure))] : []),
      element('th', {scope: 'row'}, groupName(row.by, row.group),
        ...(row.small ? [' ', element('span.chip', {}, t('quality.small'))] : [])),
      element('td.number', {}, row.cases ? casesLink(name, row) : '0'),
      element('td.number', {}, row.count === null ? String(row.n) : t('quality.countOf', {count: row.count, of: row.n})),
      ...columns.map(column => element(number(column) ? 'td.number' : 'td', {}, CELLS[column](row, inWords)))))));
}

const choice = (id, label, values, names, then) => {
  const field = element('select', {id, onchange: then}, ...values.map(value => element('option', {value}, names(value))));
  return [field, element('div', {hidden: values.length < 2}, element('label', {for: id}, label), field)];
};

/** A figure's section: its choices, its chart and its table. */
function section(name, {rows}) {
  const of = FIGURES[name];
  const title = t(`quality.figure.${name}`);
  const body = element('div.both');
  const heading = element('h2', {id: `${name}-title`}, title);
  const about = element('p.about.quiet', {}, t(`quality.about.${name}`));
  if (rows.length === 0) {
    return element('section.figure', {id: name, 'aria-labelledby': `${name}-title`}, heading, about,
      element('p.none', {}, t(`quality.none.${name}`)));
  }
  const measures = of.together ? Object.keys(of.together) : [...new Set(rows.map(row => row.measure))];
  let shown = null;
  const [measure, first] = choice(`${name}-measure`, t('quality.measureLabel'), measures, measureName, show);
  const [by, second] = choice(`${name}-by`, t('quality.byLabel'), [...new Set(rows.map(row => row.by))], value => t(`quality.by.${value}`), show);

  function show() {
    const chosen = rows.filter(row => (of.together ? of.together[measure.value].includes(row.measure) : row.measure === measure.value)
      && row.by === by.value);
    const caption = t('quality.caption', {measure: measureName(measure.value), by: t(`quality.by.${by.value}`)});
    shown = chosen.length ? chart(`${title}: ${caption}`, of.draw(measureName(measure.value), chosen)) : null;
    body.replaceChildren(shown ? shown.node : element('p.none', {}, t('quality.noRows')),
      element('div.numbers.scrolls', {tabindex: 0, role: 'region', 'aria-label': caption}, table(name, caption, chosen, Boolean(of.together))));
    save.disabled = !shown;
  }

  const save = element('button.png', {type: 'button', 'aria-label': t('quality.pngOf', {title}),
    onclick: async () => download(await picture(shown), `quality-${name}.png`)}, t('quality.png'));
  const csv = element('button.csv', {type: 'button', 'aria-label': t('quality.csvOf', {title}), onclick: () =>
    get(`/api/quality/${name}?${filter}`, 'text/csv')
      .then(bytes => download(new Blob([bytes], {type: 'text/csv'}), `quality-${name}.csv`)).catch(showProblem)}, t('quality.csv'));
  show();
  return element('section.figure', {id: name, 'aria-labelledby': `${name}-title`}, heading, about,
    element('div.choices', {}, first, second, save, csv), body);
}

function showFilter({models, modalities, senders}) {
  for (const [id, values] of [['model-name', models], ['modality', modalities], ['sender', senders]]) {
    byId(id).append(...values.map(value => element('option', {value}, value)));
  }
  for (const field of [...byId('filter').elements].filter(f => f.name && filter.get(f.name))) {
    const value = filter.get(field.name);
    if (field.tagName === 'SELECT' && ![...field.options].some(o => o.value === value)) {
      field.append(element('option', {value}, value));
    }
    field.value = value;
  }
}

byId('filter').addEventListener('submit', event => {
  event.preventDefault();
  const wanted = new URLSearchParams([...new FormData(byId('filter'))].filter(([, value]) => value));
  location.assign(wanted.size ? `/quality?${wanted}` : '/quality');
});

/** What is missing, and what to do. */
function missing({cases, results, judged, devices}) {
  const told = cases === 0 ? [t('quality.noCases')] : results === 0 ? [t('quality.noResults')]
    : [...(judged === 0 ? [t('quality.noJudgements')] : []), ...(devices ? [] : [t('quality.noDevices')])];
  byId('missing').replaceChildren(...told.map(text => element('li', {}, text)));
}

/** What is being computed, after the figures that are there. */
function progress(at, of, what) {
  const said = t('quality.computing', {what, i: at + 1, of});
  return element('p.quiet.computing', {role: 'status'}, element('progress', {value: at, max: of, 'aria-label': said}), ` ${said}`);
}

/** One after the other, as each is computed; one that fails does not take the others along. */
async function showFigures(names) {
  for (const [i, name] of names.entries()) {
    const title = t(`quality.figure.${name}`);
    const now = progress(i, names.length, title);
    byId('figures').append(now);
    try {
      now.replaceWith(section(name, await get(`/api/quality/${name}?${filter}`)));
    } catch (problem) {
      now.replaceWith(element('section.figure', {id: name, 'aria-labelledby': `${name}-title`},
        element('h2', {id: `${name}-title`}, title), element('p.alert.bad', {role: 'alert'}, problem.message)));
    }
  }
}

/** The overview; while the service still reads the cases, it is asked again. */
async function overviewOf() {
  for (;;) {
    try {
      return await get(`/api/quality?${filter}`);
    } catch (problem) {
      if (problem.status !== 503) {
        throw problem;
      }
      byId('count').textContent = t('quality.building');
      await new Promise(done => setTimeout(done, AGAIN));
    }
  }
}

try {
  byId('count').textContent = t('quality.counting');
  const overview = await overviewOf();
  schemes = (await get('/api/schemes')).schemes;
  showFilter(overview);
  missing(overview);
  byId('count').textContent = t('quality.count', {n: overview.results, cases: overview.cases, judged: overview.judged});
  if (overview.results > 0) {
    const {from, to, stated} = overview.reference;
    byId('reference').textContent = from ? t(stated ? 'quality.reference' : 'quality.referenceUsual', {from, to: to ?? ''}) : '';
  }
  if (overview.cases > 0) {
    await showFigures(overview.figures);
  }
} catch (problem) {
  byId('count').textContent = '';
  showProblem(problem);
}
