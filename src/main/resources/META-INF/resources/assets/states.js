import {element} from './dom.js';

/**
 * What a case's state means to a reader: its name, tone, explanation and what to do.
 * `moves`: the case proceeds by itself. `again`: a person can retry it.
 * `redo`: a person can also choose another model.
 */
export const STATES = {
  AWAITING_REPORT: {name: 'Awaiting report', tone: 'wait', moves: true,
    what: 'The images have arrived, the report has not.',
    todo: 'Nothing to do if the report is still being written. Otherwise send it by HL7, FHIR or /api/reports with the study’s accession number or Study Instance UID.'},
  AWAITING_STUDY: {name: 'Awaiting study', tone: 'wait', moves: true,
    what: 'The report has arrived, the images have not.',
    todo: 'Nothing to do if the study is on its way. Otherwise send it from the archive by C-STORE.'},
  COLLECTING: {name: 'Collecting', tone: 'wait', moves: true,
    what: 'Images and report have arrived. More images may follow.',
    todo: 'Attribution starts when no image has arrived for a while.'},
  ATTRIBUTING: {name: 'Attributing', tone: 'wait', moves: true,
    what: 'The maps are being computed.', todo: 'They appear here when they are complete.'},
  DELIVERING: {name: 'Delivering', tone: 'wait', redo: true,
    what: 'The maps are complete and being sent to their destinations.', todo: 'They can already be read here.'},
  DELIVERED: {name: 'Delivered', tone: 'good', redo: true, what: 'The maps are complete and stored.', todo: ''},
  UNDELIVERED: {name: 'Undelivered', tone: 'bad', redo: true, again: true,
    what: 'A destination did not accept the results.',
    todo: 'Check the reason, fix the destination, then try again. The maps can be read here.'},
  SKIPPED: {name: 'Skipped', tone: 'quiet', redo: true, again: true,
    what: 'Nothing in this case can be attributed.',
    todo: 'If it should be attributed, change the settings named in the reason, then try again.'},
  FAILED: {name: 'Failed', tone: 'bad', redo: true, again: true,
    what: 'No map could be computed.',
    todo: 'Fix what the reason names. If the image is damaged, send it again; otherwise search the service’s log for this case’s id. Then try again.'},
  MISMATCHED: {name: 'Mismatched', tone: 'bad',
    what: 'Study and report name different patients, so nothing was computed.',
    todo: 'Correct the identifiers at the sender and send study or report again.'},
  WITHDRAWING: {name: 'Withdrawing', tone: 'wait', moves: true,
    what: 'The sender withdrew the report. Its results are being withdrawn too.', todo: 'Nothing to do.'},
  CANCELLED: {name: 'Withdrawn', tone: 'quiet',
    what: 'The sender withdrew the report, and its results were withdrawn too.',
    todo: 'Nothing to do. A new report for this study reopens the case.'},
  EXPIRED: {name: 'Expired', tone: 'quiet',
    what: 'The study or the report did not arrive in time.',
    todo: 'Send what is missing. The case continues as soon as it arrives.'},
};

export function stateOf(name) {
  return STATES[name] ?? {name, tone: 'quiet', what: '', todo: ''};
}

export function stateChip(name) {
  const state = stateOf(name);
  return element(`span.chip.${state.tone}`, {}, state.name);
}
