import {get, post, remove} from './api.js';
import {byId, element, showProblem} from './dom.js';
import {has, number, t} from './texts.js';

/** The queue of discordances: why each is there, judged with one key. */
const VERDICTS = {1: 'confirmed', 2: 'not-confirmed', 3: 'cannot-tell'};
const query = new URLSearchParams(location.search);
let next = `/api/discordances${query.size ? `?${query}` : ''}`;

const percent = share => (share < 0.995 ? number(100 * share, share < 0.1 ? 1 : 0) : t('alarms.nearlyAll'));

/** What may be wrong, in the page's language. */
function inWords({reason, finding, why}) {
  const [, first, second] = why.values.map(value => {
    const key = `alarms.value.${value.replaceAll(' ', '-')}`;
    return has(key) ? t(key) : value;
  });
  return why.code ? t(`alarms.why.${why.code}`, {finding: t(`alarms.finding.${finding}`), first, second}) : reason;
}

function scores(one, prevalence) {
  if (one.score === null) {
    return t(one.kind === 'contradiction' ? 'alarms.byRule' : 'alarms.noScore');
  }
  return t('alarms.score', {score: percent(one.score), probability: percent(one.probability), prevalence: percent(prevalence)});
}

/** The control that sees no image. */
function textOnly(one) {
  if (one.textOnly === null) {
    return null;
  }
  const key = one.textOnly >= one.score ? 'alarms.textOnlyAsSure' : 'alarms.textOnly';
  return element('p.quiet', {}, t(key, {score: percent(one.textOnly)}));
}

function similarities(one) {
  if (one.similarity === null || one.alternative === null) {
    return null;
  }
  const values = {own: number(one.similarity, 3), other: number(one.alternative.similarity, 3), text: one.alternative.text};
  return element('p.quiet', {}, t('alarms.similarities', values));
}

function item(one, prevalence) {
  const state = element('span.quiet', {role: 'status'});
  const undo = element('button', {type: 'button', 'data-undo': '', onclick: () => takeBack()}, t('alarms.undo'));
  const show = (now, said) => {
    one = now;
    state.textContent = said;
    state.className = 'quiet';
    undo.hidden = !one.links.undo;
  };
  const verdict = () => one.verdict ? t(`alarms.verdict.${one.verdict}`) : '';
  /** Told at the entry: the person is at the next one by now. */
  const failed = (key, problem) => {
    state.textContent = t(key, {why: problem.message});
    state.className = 'bad-text';
  };
  let last = Promise.resolve(); // the answer that was given last counts, so it arrives last
  const judge = chosen => {
    last = last.then(async () => {
      try {
        show(await post(one.links.judgements, {verdict: chosen}), t(`alarms.verdict.${chosen}`));
      } catch (problem) {
        failed('alarms.notSaved', problem);
      }
    });
  };
  const takeBack = async () => {
    if (!one.links.undo) {
      return;
    }
    try {
      show(await remove(one.links.undo), t('alarms.undone'));
      state.append(verdict() ? ` ${verdict()}` : '');
      made.focus(); // the button is gone
    } catch (problem) {
      failed('alarms.notUndone', problem);
    }
  };
  const made = element('li', {tabindex: '0', 'aria-label': inWords(one), onkeydown: event => {
    if (event.target !== made) {
      return;
    }
    if (VERDICTS[event.key]) {
      judge(VERDICTS[event.key]);
      made.nextElementSibling?.focus();
    } else if (event.key === 'u') {
      takeBack();
    }
  }},
    element('p.why', {}, inWords(one)),
    ...[one.sentence, one.other].filter(Boolean).map(text => element('p', {}, t('frame.quoted', {text}))),
    element('p.quiet', {}, element('span.chip', {}, t(`alarms.kind.${one.kind}`)), ' ', scores(one, prevalence)),
    textOnly(one),
    similarities(one),
    element('p.actions', {},
      element('a.button', {href: one.links.page}, t('alarms.open')),
      ...Object.values(VERDICTS).map(chosen =>
        element('button', {type: 'button', onclick: () => judge(chosen)}, t(`alarms.verdict.${chosen}`))),
      undo, ' ', state));
  show(one, verdict());
  return made;
}

async function load() {
  const page = await get(next);
  byId('alarms').append(...page.discordances.map(one => item(one, page.prevalence)));
  next = page.next;
  byId('more').hidden = next === null;
  const shown = byId('alarms').children.length;
  byId('count').textContent = shown ? t('alarms.count', {n: shown}) : t('alarms.none');
}

function showThreshold(answer) {
  const proposal = answer.proposal;
  byId('threshold').textContent = t(answer.accepted ? 'alarms.inForce' : 'alarms.byDefault', {score: percent(answer.score)});
  byId('proposal').textContent = proposal.score === null ? proposal.note : t('alarms.proposal', {
    score: percent(proposal.score), kept: proposal.kept, confirmed: proposal.confirmed, alerts: proposal.alerts, judged: proposal.judged});
  byId('accept').hidden = proposal.score === null;
  byId('accept').onclick = async () => {
    try {
      showThreshold(await post('/api/discordances/threshold', {score: proposal.score}));
    } catch (problem) {
      showProblem(problem);
    }
  };
}

byId('more').addEventListener('click', () => load().catch(showProblem));
try {
  await load();
  showThreshold(await get('/api/discordances/threshold'));
} catch (problem) {
  showProblem(problem);
}
