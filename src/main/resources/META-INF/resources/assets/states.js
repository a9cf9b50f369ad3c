import {element} from './dom.js';

/**
 * What a case's state means to a reader: its name, its tone, what is the matter and what to do.
 * `moves`: it goes on by itself. `again`: a person may have it tried again.
 * `redo`: or by another model.
 */
export const STATES = {
  AWAITING_REPORT: {name: 'Awaiting report', tone: 'wait', moves: true,
    what: 'The images are here; their report is not here yet.',
    todo: 'Nothing to do if the report is still being written. Else send it by HL7, by FHIR or to /api/reports, with the study’s accession number or Study Instance UID.'},
  AWAITING_STUDY: {name: 'Awaiting study', tone: 'wait', moves: true,
    what: 'The report is here; its images are not here yet.',
    todo: 'Nothing to do if the study is on its way. Else send it from the archive by C-STORE.'},
  COLLECTING: {name: 'Collecting', tone: 'wait', moves: true,
    what: 'Images and report are here. More images may still come.',
    todo: 'The maps are begun when no image has come for a while.'},
  ATTRIBUTING: {name: 'Attributing', tone: 'wait', moves: true,
    what: 'The maps are being made.', todo: 'They are shown here when they are done.'},
  DELIVERING: {name: 'Delivering', tone: 'wait', redo: true,
    what: 'The maps are made and on their way to their destinations.', todo: 'They can be read here already.'},
  DELIVERED: {name: 'Delivered', tone: 'good', redo: true, what: 'The maps are made and stored.', todo: ''},
  UNDELIVERED: {name: 'Undelivered', tone: 'bad', redo: true, again: true,
    what: 'A destination did not take the results.',
    todo: 'Look at the reason, mend the destination, then try again. The maps can be read here.'},
  SKIPPED: {name: 'Skipped', tone: 'quiet', redo: true, again: true,
    what: 'Nothing in this case can be attributed.',
    todo: 'If it should have been, change the settings named in the reason, then try again.'},
  FAILED: {name: 'Failed', tone: 'bad', redo: true, again: true,
    what: 'No map could be made.',
    todo: 'Mend what the reason names: send the image again if it is damaged, look at the service’s log for this case’s id, then try again.'},
  MISMATCHED: {name: 'Mismatched', tone: 'bad',
    what: 'Study and report name different patients. Nothing was made of them.',
    todo: 'Correct the identifiers at the sender and send study or report again.'},
  WITHDRAWING: {name: 'Withdrawing', tone: 'wait', moves: true,
    what: 'The report was withdrawn by its sender. Its results are being withdrawn, too.', todo: 'Nothing to do.'},
  CANCELLED: {name: 'Withdrawn', tone: 'quiet',
    what: 'The report was withdrawn by its sender, and with it the results.',
    todo: 'Nothing to do. A new report of this study opens the case again.'},
  EXPIRED: {name: 'Expired', tone: 'quiet',
    what: 'The other half, study or report, did not come in time.',
    todo: 'Send what is missing: the case goes on as soon as it is here.'},
};

export function stateOf(name) {
  return STATES[name] ?? {name, tone: 'quiet', what: '', todo: ''};
}

export function stateChip(name) {
  const state = stateOf(name);
  return element(`span.chip.${state.tone}`, {}, state.name);
}
