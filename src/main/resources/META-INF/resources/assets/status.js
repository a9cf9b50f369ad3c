import {get, post} from './api.js';
import {element, mayOpen} from './dom.js';
import {framesOf, imageName} from './filmstrip.js';
import {stateOf} from './states.js';
import {inReasons, moment} from './words.js';
import {t} from './texts.js';

const LOOK_AGAIN = 5000;

/** Shown instead of the maps: the case's state, the reason, what to do, and all known details. */
export function showStatus(holder, found) {
  const state = stateOf(found.state);
  holder.replaceChildren(element(`section.alert.${state.tone}`, {'aria-labelledby': 'status-title'},
    element('h1', {id: 'status-title'}, state.name),
    element('p', {}, state.what),
    found.reason ? element('p.reason', {}, alarm(found), element('b', {}, `${t('frame.reason')} `), inReasons(found.reasons)) : null,
    state.todo ? element('p', {}, state.todo) : null,
    ...mismatch(found),
    state.again ? element('p.actions', {}, ...again(found)) : null), facts(found), ...arrived(found), ...report(found));
  if (state.moves) {
    lookAgain(found);
  }
}

/** Where the results are on their way to, beside the finding: quiet, unless a person has to do something. */
export function showProgress(holder, found) {
  const state = stateOf(found.state);
  if (state.tone !== 'quiet') {
    holder.append(element(`span.progress.${state.tone}`, {role: 'note'},
      alarm(found), element('span', {}, inReasons(found.reasons) || state.what), element('span.quiet', {}, state.todo),
      ...(state.again ? again(found) : [])));
  } else if (found.reason) {
    const chip = holder.firstElementChild;
    const folded = element('details', {}, element('summary', {}, chip), element('span.progress', {}, inReasons(found.reasons)));
    holder.replaceChildren(folded);
  }
  if (state.moves) {
    lookAgain(found);
  }
}

/** Whose study and whose report it is, side by side. */
function mismatch(found) {
  if (found.state !== 'MISMATCHED') {
    return [];
  }
  const row = (name, study, report) => element('tr', {}, element('th', {scope: 'row'}, name),
    element('td', {}, study ?? t('case.notNamed')), element('td', {}, report ?? t('case.notNamed')));
  const {patient, report} = found;
  return [
    element('table.mismatch', {}, element('caption', {}, t('case.mismatch')),
      element('thead', {}, element('tr', {}, element('td', {}),
        element('th', {scope: 'col'}, t('case.study')), element('th', {scope: 'col'}, t('case.report')))),
      element('tbody', {},
        row(t('case.patientId'), patient?.id, report?.patient?.id),
        row(t('case.issuer'), patient?.issuer, report?.patient?.issuer),
        row(t('case.accession'), found.accessionNumber, report?.accessionNumber),
        row(t('case.received'), found.images[0] && moment(found.images[0].receivedAt), report && moment(report.receivedAt)))),
    element('ol.todo', {}, ...['case.mismatchOne', 'case.mismatchTwo', 'case.mismatchThree'].map(step => element('li', {}, t(step)))),
  ];
}

/** Alarms of the case itself; those of sentences are shown with them. */
function alarm(found) {
  return found.alarm && !found.sentences.some(s => s.alarms.length > 0)
    ? element('span.chip.warn', {}, t('case.alarm')) : null;
}

function again(found) {
  const said = element('span', {role: 'status'});
  if (!mayOpen('administrator')) {
    return [];
  }
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
    [t('case.patientId'), found.patient?.id ?? found.report?.patient?.id],
    [t('case.accession'), found.accessionNumber], [t('case.studyUid'), found.studyInstanceUid],
    [t('case.images'), images.join(', ')],
    [t('case.report'), found.report && t('case.reportBy', {id: found.report.id, source: found.report.source})],
    [t('case.firstSeen'), moment(found.createdAt)], [t('case.changed'), moment(found.updatedAt)], [t('case.title'), found.id],
    ...found.deliveries.map(d => [t('case.to', {destination: d.destination}), [t(`operations.sent.${d.kind}`), t(`case.delivery.${d.status}`), inReasons([d.reason])].filter(Boolean).join(', ')]),
  ];
  return element('dl.figures.facts', {}, ...rows.flatMap(([name, value]) =>
    [element('dt', {}, name), element('dd', {}, value || t('case.none'))]));
}

/** What has arrived of the study, also while there is no result. */
function arrived(found) {
  if (found.images.length === 0) {
    return [];
  }
  const list = element('ol.arrived', {'aria-labelledby': 'arrived-title'});
  get(`${found.links.self}/images`).then(({images}) => {
    const frames = framesOf(images);
    list.replaceChildren(...frames.map(({image, number, frame, thumbnail, reason, code}, i) => {
      const name = t('viewer.imageOf', {i: i + 1, of: frames.length, name: imageName(image, number)}).trim();
      const why = !frame ? t('viewer.notShown', {why: reason}) : reason && code !== 'no-result' ? t('viewer.notAnalysed', {why: reason}) : '';
      const none = () => element('span.none', {'aria-hidden': 'true'}, '!');
      return element('li', {}, frame ? element('img', {src: thumbnail, alt: '', loading: 'lazy', onerror: event => event.target.replaceWith(none())}) : none(), element('span', {}, [name, why].filter(Boolean).join('. ')));
    }));
  }).catch(problem => list.replaceChildren(element('li', {}, t('viewer.noImages', {why: problem.message}))));
  return [element('h2', {id: 'arrived-title'}, t('viewer.images')), list];
}

function report(found) {
  return found.report?.text
    ? [element('h2', {}, t('case.report')), element('div.report', {tabindex: 0}, found.report.text),
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
