import {get, post} from './api.js';
import {byId, element, showProblem} from './dom.js';
import {asideReason, moment} from './words.js';
import {t} from './texts.js';

/** Shows what was received but could not be processed, if anything. */
export async function showAside() {
  const {arrivals, total} = await get('/api/arrivals?state=set-aside');
  byId('aside').replaceChildren(...total === 0 ? [] : [element('div.alert.bad', {},
    element('details', {},
      element('summary', {}, t('worklist.aside', {n: total})),
      element('ul', {}, ...arrivals.map(line))),
    element('button', {type: 'button', onclick: retry}, t('frame.tryAgain')))]);
}

/** The identifiers that an arrival came with, in a line. */
export function identifiers(arrival) {
  return [
    [t('case.report'), arrival.reportId], [t('worklist.sopUid'), arrival.sopInstanceUid], [t('case.accession'), arrival.accessionNumber],
    [t('worklist.order'), arrival.orderNumber], [t('case.studyUid'), arrival.studyInstanceUid]]
    .filter(([, value]) => value).map(([name, value]) => `${name} ${value}`).join(', ') || t('worklist.noIdentifiers');
}

function line(arrival) {
  return element('li', {},
    t(arrival.kind === 'IMAGE' ? 'worklist.imageReceived' : 'worklist.reportReceived',
      {when: moment(arrival.receivedAt), identifiers: identifiers(arrival)}),
    element('span.reason', {}, asideReason(arrival)));
}

/** What fails again is set aside again within seconds; reload the page to see it. */
async function retry(event) {
  event.target.disabled = true;
  try {
    const {arrivals} = await post('/api/arrivals/retry');
    byId('aside').replaceChildren(element('p.quiet', {},
      t('worklist.asideAgain', {arrivals})));
  } catch (problem) {
    event.target.disabled = false;
    showProblem(problem);
  }
}
