import {get, post} from './api.js';
import {element} from './dom.js';
import {stateOf} from './states.js';
import {moment} from './words.js';
import {t} from './texts.js';

const LOOK_AGAIN = 5000;

/** Shown instead of the maps: the case's state, the reason, what to do, and all known details. */
export function showStatus(holder, found) {
  const state = stateOf(found.state);
  holder.replaceChildren(element(`section.alert.${state.tone}`, {'aria-labelledby': 'status-title'},
    element('h1', {id: 'status-title'}, state.name),
    element('p', {}, state.what),
    found.reason ? element('p.reason', {}, alarm(found), element('b', {}, `${t('frame.reason')} `), found.reason) : null,
    state.todo ? element('p', {}, state.todo) : null,
    state.again ? element('p.actions', {}, ...again(found)) : null), facts(found), ...report(found));
  if (state.moves) {
    lookAgain(found);
  }
}

/** Shown above the maps if there are problems. */
export function showStrip(holder, found) {
  const state = stateOf(found.state);
  if (state.tone !== 'good' || found.reason) {
    holder.replaceChildren(element(`p.strip.${state.tone}`, {role: 'note'},
      element('b', {}, state.name), alarm(found), element('span', {}, found.reason || state.what), element('span.quiet', {}, state.todo),
      ...(state.again ? again(found) : [])));
  }
  if (state.moves) {
    lookAgain(found);
  }
}

/** Alarms of the case itself; those of sentences are shown with them. */
function alarm(found) {
  return found.alarm && !found.sentences.some(s => s.alarms.length > 0)
    ? element('span.chip.warn', {}, t('case.alarm')) : null;
}

function again(found) {
  const said = element('span', {role: 'status'});
  const button = element('button', {type: 'button', onclick: async () => {
    button.disabled = true;
    try {
      await post(found.links.redelivery);
      location.reload();
    } catch (problem) {
      said.textContent = problem.message;
      button.disabled = false;
    }
  }}, t('frame.tryAgain'));
  return [button, said];
}

function facts(found) {
  const images = found.images.map(i => [i.modality, i.viewPosition].filter(Boolean).join(' ') || t('case.image'));
  const rows = [
    [t('case.accession'), found.accessionNumber], [t('case.studyUid'), found.studyInstanceUid],
    [t('case.images'), images.join(', ')],
    [t('case.report'), found.report && t('case.reportBy', {id: found.report.id, source: found.report.source})],
    [t('case.firstSeen'), moment(found.createdAt)], [t('case.changed'), moment(found.updatedAt)], [t('case.title'), found.id],
    ...found.deliveries.map(d => [t('case.to', {destination: d.destination}), [d.kind, d.status, d.problem].filter(Boolean).join(', ')]),
  ];
  return element('dl.figures.facts', {}, ...rows.flatMap(([name, value]) =>
    [element('dt', {}, name), element('dd', {}, value || t('case.none'))]));
}

function report(found) {
  return found.report?.text
    ? [element('h2', {}, t('case.report')), element('div.report', {}, found.report.text),
      found.report.notes ? element('p.reason', {}, found.report.notes) : null].filter(Boolean)
    : [];
}

/** Reloads the page when the case has changed state. */
function lookAgain(found) {
  setTimeout(async () => {
    const now = await get(found.links.self).catch(() => found);
    if (now.state !== found.state || now.updatedAt !== found.updatedAt) {
      location.reload();
    } else {
      lookAgain(found);
    }
  }, LOOK_AGAIN);
}
