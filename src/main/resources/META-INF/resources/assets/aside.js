import {get, post} from './api.js';
import {byId, element, showProblem} from './dom.js';
import {moment} from './words.js';

/** Shows what was received but could not be processed, if anything. */
export async function showAside() {
  const {arrivals, total} = await get('/api/arrivals?state=set-aside');
  byId('aside').replaceChildren(...total === 0 ? [] : [element('div.alert.bad', {},
    element('details', {},
      element('summary', {}, `${total} received ${total === 1 ? 'object' : 'objects'} could not be processed and ${total === 1 ? 'belongs' : 'belong'} to no case`),
      element('ul', {}, ...arrivals.map(line))),
    element('button', {type: 'button', onclick: retry}, 'Try again'))]);
}

function line(arrival) {
  const identifiers = [
    ['report', arrival.reportId], ['SOP Instance UID', arrival.sopInstanceUid], ['accession number', arrival.accessionNumber],
    ['order number', arrival.orderNumber], ['Study Instance UID', arrival.studyInstanceUid]]
    .filter(([, value]) => value).map(([name, value]) => `${name} ${value}`).join(', ');
  return element('li', {},
    `${arrival.kind === 'IMAGE' ? 'Image' : 'Report'} received ${moment(arrival.receivedAt)}: ${identifiers || 'no identifiers'}`,
    element('span.reason', {}, arrival.reason));
}

/** What fails again is set aside again within seconds; reload the page to see it. */
async function retry(event) {
  event.target.disabled = true;
  try {
    const {arrivals} = await post('/api/arrivals/retry');
    byId('aside').replaceChildren(element('p.quiet', {},
      `${arrivals} to be processed again. Reload this page in a few seconds to see which failed again.`));
  } catch (problem) {
    event.target.disabled = false;
    showProblem(problem);
  }
}
