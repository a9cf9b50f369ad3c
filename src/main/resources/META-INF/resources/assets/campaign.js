import {get, post} from './api.js';
import {confirmed} from './confirm.js';
import {byId, element, mayOpen, showProblem} from './dom.js';
import {download} from './download.js';
import {again} from './outbox.js';
import {inLanguage, judging, schemeOf} from './schemes.js';
import {has, number as decimal, t} from './texts.js';
import {moment} from './words.js';

/** One campaign: its progress, what is to be judged next, and its report. */
const path = `/api/campaigns/${encodeURIComponent(location.pathname.split('/').pop())}`;
const FORMS = {csv: ['text/csv', 'csv'], pdf: ['application/pdf', 'pdf'], measure: ['application/fhir+json', 'json']};
const number = value => decimal(value, 3);
const share = p => (p.value === null ? t('campaigns.noneJudged')
  : t('campaigns.share', {count: p.count, of: p.of, value: number(p.value), low: number(p.low), high: number(p.high)}));
const weightsName = weights => (has(`campaigns.weights.${weights}`) ? t(`campaigns.weights.${weights}`) : weights);
/** Why a coefficient is not defined: kept in English, recognised here. */
const REASONS = [[/^nothing was rated$/, 'nothing'], [/^there is only one rater$/, 'oneRater'], [/^there is only one category$/, 'oneCategory'],
  [/^no subject was rated by two raters$/, 'notTwice'], [/^all ratings are the same category/, 'same'], [/^Cohen.s kappa is of two raters, and there are (\d+)$/, 'raters']];

function inReason(reason) {
  const known = REASONS.find(([words]) => words.test(reason));
  return known ? t(`campaigns.reason.${known[1]}`, {n: reason.match(known[0])[1] ?? ''}) : reason;
}

const coefficient = c => (c.value === null ? t('campaigns.undefined', {reason: inReason(c.reason)})
  : c.low === null ? t('campaigns.bare', {value: number(c.value), n: c.subjects})
    : t('campaigns.coefficient', {value: number(c.value), low: number(c.low), high: number(c.high), n: c.subjects}));

function facts(pairs) {
  return pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
}

function table(title, rows) {
  return element('table', {}, element('caption', {}, title), element('tbody', {}, ...rows.map(([name, value]) =>
    element('tr', {}, element('th', {scope: 'row'}, name), element('td', {}, value)))));
}

function agreement(title, of) {
  return table(of.weights === 'none' ? title : t('campaigns.weighted', {title, weights: weightsName(of.weights)}), [
    [t('campaigns.percent'), coefficient(of.percent)], [t('campaigns.cohen'), coefficient(of.cohen)],
    [t('campaigns.fleiss'), coefficient(of.fleiss)], [t('campaigns.gwet'), coefficient(of.gwet)]]);
}

/** @param scheme what was asked; undefined if it is not known any more */
function questionReport(q, scheme) {
  const strata = Object.entries(q.strata);
  const asked = scheme?.questions.find(({code}) => code === q.question);
  const display = code => asked?.choices.find(choice => choice.code === code)?.display;
  return element('section', {}, element('h3', {}, asked ? inLanguage(asked.text) : q.text),
    table(t('campaigns.answers'), [[t('campaigns.agreeing'), share(q.agreeing)], ...Object.entries(q.choices).map(([code, n]) => [display(code) ? inLanguage(display(code)) : code, String(n)])]),
    strata.length > 1 ? table(t('campaigns.byStratum'), strata.map(([name, p]) => [name, share(p)])) : null,
    agreement(t('campaigns.withMap'), q.agreement),
    q.beforeMap ? agreement(t('campaigns.beforeMap'), q.beforeMap) : null,
    q.changed ? table(t('campaigns.effect'), [[t('campaigns.changed'), share(q.changed)]]) : null);
}

async function save(form) {
  const [type, end] = FORMS[form];
  const bytes = await get(`${path}/report`, type);
  download(new Blob([bytes], {type}), `campaign.${end}`);
}

async function showReport(campaign) {
  let found;
  try {
    found = await get(`${path}/report`);
  } catch (problem) {
    if (problem.status === 403) {
      return null; // not yet, or not for this person
    }
    throw problem;
  }
  const {report} = found;
  byId('report').hidden = false;
  byId('intervals').textContent = [t('campaigns.summary', {...report, of: report.items}),
    ...report.withdrawn ? [t('campaigns.withdrawn', {n: report.withdrawn})] : [], t('campaigns.intervals'),
    t(campaign.onePerCase ? 'campaigns.independentOne' : 'campaigns.independent')].join(' ');
  const scheme = schemeOf(await judging(), campaign);
  byId('questions').replaceChildren(...report.questions.map(q => questionReport(q, scheme)));
  for (const form of Object.keys(FORMS)) {
    byId(form).addEventListener('click', () => save(form).catch(showProblem));
  }
  return report;
}

try {
  await again();
  const c = await get(path);
  byId('question').textContent = c.question;
  byId('count').textContent = t('campaigns.progress', {judged: c.judged, of: c.items}) + (c.open ? '' : `, ${t('campaigns.ended')}`);
  byId('facts').replaceChildren(...facts([[t('campaigns.scheme'), t('campaigns.schemeIs', c)],
    [t('campaigns.sample'), c.strata.map(s => `${c.strata.length === 1 && s.name === 'all' ? t('campaigns.all') : s.name}: ${s.size}`).join(', ') + (c.onePerCase ? `, ${t('campaigns.onePerCase')}` : '')],
    [t('campaigns.seed'), String(c.seed)], [t('campaigns.twice'), `${Math.round(100 * c.doubleShare)} %`],
    [t('campaigns.before'), c.blind ? t('campaigns.yes') : t('campaigns.no')],
    [t('campaigns.deadline'), c.deadline ? moment(c.deadline) : t('campaigns.without')],
    [t('campaigns.started'), `${moment(c.createdAt)}, ${c.createdBy}`]]));
  byId('readers').replaceChildren(...c.readers.map(r => element('tr', {}, element('td', {}, r.person, ...c.unknownReaders.includes(r.person) ? [' ', element('span.chip.warn', {}, t('campaigns.unknownReader'))] : []),
    element('td.number', {}, String(r.judged)), element('td.number', {}, String(r.assigned)))));
  const {items} = await get(`${path}/items`);
  const next = items.find(item => !item.judged && !item.withdrawn);
  if (c.open && next) {
    byId('actions').append(element('a.button.primary', {id: 'judge-next', href: next.page}, t('campaigns.judge')));
  }
  const report = await showReport(c);
  const leads = mayOpen('administrator', 'arbiter');
  if (report && leads && (c.open || (!c.closedAt && report.differing > report.decided))) { // an arbiter decides after the deadline, too
    byId('actions').append(element('button', {type: 'button', onclick: async () => {
      if (await confirmed(t('campaigns.endQuestion'), t('campaigns.endHint'), t('campaigns.endIt'))) {
        await post(`${path}/close`).then(() => location.reload(), showProblem);
      }
    }}, t('campaigns.end')));
  }
} catch (problem) {
  showProblem(problem);
}
