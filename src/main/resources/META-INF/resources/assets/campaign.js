import './bar.js';
import {get, post} from './api.js';
import {confirmed} from './confirm.js';
import {byId, element, showProblem} from './dom.js';
import {again} from './outbox.js';
import {moment} from './words.js';

/** One campaign: its progress, what is to be judged next, and its report. */
const path = `/api/campaigns/${encodeURIComponent(location.pathname.split('/').pop())}`;
const FORMS = {csv: ['text/csv', 'csv'], pdf: ['application/pdf', 'pdf'], measure: ['application/fhir+json', 'json']};
const number = value => value.toFixed(3).replace('-', '−');
const share = p => (p.value === null ? 'none judged' : `${p.count} of ${p.of}: ${number(p.value)} (${number(p.low)} to ${number(p.high)})`);
const coefficient = c => (c.value === null ? `not defined: ${c.reason}`
  : `${number(c.value)} ${c.low === null ? '' : `(${number(c.low)} to ${number(c.high)})`}, ${c.subjects} sentences`);

function facts(pairs) {
  return pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
}

function table(title, rows) {
  return element('table', {}, element('caption', {}, title), element('tbody', {}, ...rows.map(([name, value]) =>
    element('tr', {}, element('th', {scope: 'row'}, name), element('td', {}, value)))));
}

function agreement(title, of) {
  return table(of.weights === 'none' ? title : `${title}, ${of.weights} weights`, [['Percent agreement', coefficient(of.percent)],
    ['Cohen’s kappa', coefficient(of.cohen)], ['Fleiss’ kappa', coefficient(of.fleiss)], ['Gwet’s AC1', coefficient(of.gwet)]]);
}

function questionReport(q) {
  const strata = Object.entries(q.strata);
  return element('section', {}, element('h3', {}, q.text),
    table('Answers', [['Agreeing', share(q.agreeing)], ...Object.entries(q.choices).map(([code, n]) => [code, String(n)])]),
    strata.length > 1 ? table('Agreeing by stratum', strata.map(([name, p]) => [name, share(p)])) : null,
    agreement('Between readers, with the map', q.agreement),
    q.beforeMap ? agreement('Between readers, before the map was shown', q.beforeMap) : null,
    q.changed ? table('With the map', [['Answers changed', share(q.changed)]]) : null);
}

async function save(form) {
  const [type, end] = FORMS[form];
  const bytes = await get(`${path}/report`, type);
  const link = element('a', {href: URL.createObjectURL(new Blob([bytes], {type})), download: `campaign.${end}`});
  link.click();
  URL.revokeObjectURL(link.href);
}

async function showReport() {
  let found;
  try {
    found = await get(`${path}/report`);
  } catch (problem) {
    if (problem.status === 403) {
      return; // not yet, or not for this person
    }
    throw problem;
  }
  const {report} = found;
  byId('report').hidden = false;
  byId('intervals').textContent = `${report.judged} of ${report.items} sentences are judged by all their readers, who differ on ${report.differing}`
    + ` (${report.decided} decided). Intervals: ${report.intervals}`;
  byId('questions').replaceChildren(...report.questions.map(questionReport));
  for (const form of Object.keys(FORMS)) {
    byId(form).addEventListener('click', () => save(form).catch(showProblem));
  }
}

try {
  await again();
  const c = await get(path);
  byId('question').textContent = c.question;
  byId('crumb').textContent = c.question.length > 64 ? `${c.question.slice(0, 64)}…` : c.question;
  byId('count').textContent = `${c.judged} of ${c.items} sentences judged${c.open ? '' : ', ended'}`;
  byId('facts').replaceChildren(...facts([['Scheme', `${c.scheme}, version ${c.version}`],
    ['Sample', c.strata.map(s => `${s.name}: ${s.size}`).join(', ') + (c.onePerCase ? ', one sentence of each case' : '')],
    ['Seed', String(c.seed)], ['Judged by two', `${Math.round(100 * c.doubleShare)} %`],
    ['Before the map is shown', c.blind ? 'yes, and with it' : 'no'], ['Deadline', c.deadline ? moment(c.deadline) : 'none'],
    ['Started', `${moment(c.createdAt)}, ${c.createdBy}`]]));
  byId('readers').replaceChildren(...c.readers.map(r => element('tr', {}, element('td', {}, r.person),
    element('td.number', {}, String(r.judged)), element('td.number', {}, String(r.assigned)))));
  const {items} = await get(`${path}/items`);
  const next = items.find(item => !item.judged && !item.withdrawn);
  if (c.open && next) {
    byId('actions').append(element('a.button.primary', {id: 'judge-next', href: next.page}, 'Judge'));
  }
  await showReport();
  if (c.open && byId('main').querySelector('#report:not([hidden])')) {
    byId('actions').append(element('button', {type: 'button', onclick: async () => {
      if (await confirmed('End this campaign?', 'Nothing more is taken, and what was said in it stays as it is.', 'End it')) {
        await post(`${path}/close`).then(() => location.reload(), showProblem);
      }
    }}, 'End the campaign'));
  }
} catch (problem) {
  showProblem(problem);
}
