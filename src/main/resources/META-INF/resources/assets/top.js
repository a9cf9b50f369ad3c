import {brief, byId, element} from './dom.js';
import {CAMPAIGN, pageOf, place} from './queue.js';
import {stateChip, stateOf} from './states.js';
import {t} from './texts.js';
import {alarmName, day, personName} from './words.js';

/** The line above a case: whose study it is, what the audit found, where to go on. */
export function showTop(found, choose) {
  byId('top').hidden = false;
  const accession = found.accessionNumber || found.studyInstanceUid || found.id;
  byId('crumb').textContent = brief(accession);
  byId('crumb').title = accession;
  document.title = `${brief(accession)} · m2ib`;
  if (found.sentences.length === 0) {
    showVerdict(found, choose); // else when it is known what the reader may see
  }
  showViewer(found);
  byId('delivery').replaceChildren(stateChip(found.state));
  showBack();
}

/** Back to the campaign that is judged, else to the list as it was. */
function showBack() {
  if (CAMPAIGN) {
    byId('back').href = `/campaigns/${encodeURIComponent(CAMPAIGN)}`;
    byId('back').textContent = t('case.backToCampaign');
    return;
  }
  try {
    const back = sessionStorage.getItem('m2ib.list');
    byId('back').href = `/${back ?? ''}`;
  } catch {
    // then it leads to the whole list
  }
  byId('back').addEventListener('click', event => {
    // the list as it was, scrolled where it was
    if (document.referrer && new URL(document.referrer).pathname === '/' && history.length > 1 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      history.back();
    }
  });
}

/** The study in a DICOM viewer, where one is configured. */
function showViewer({studyInstanceUid}) {
  const link = byId('in-viewer');
  if (link && studyInstanceUid) {
    link.href = link.dataset.url.replaceAll('{studyInstanceUid}', encodeURIComponent(studyInstanceUid));
    link.hidden = false;
  }
}

/**
 * One line: the alarms, each with its sentences, or that there is none.
 *
 * @param isBlind whether the reader has still to answer about a sentence before they see what the audit says of it
 */
export function showVerdict(found, choose, isBlind = () => false) {
  const kinds = new Map();
  const open = found.sentences.filter(sentence => !isBlind(sentence));
  for (const sentence of open) {
    for (const kind of sentence.alarms) {
      kinds.set(kind, [...kinds.get(kind) ?? [], sentence]);
    }
  }
  const all = open.length === found.sentences.length;
  byId('verdict').classList.toggle('warn', all ? found.alarm : kinds.size > 0);
  byId('verdict').replaceChildren(...(kinds.size === 0
    ? [!all ? t('case.verdictLater') : found.alarm ? alarmName('case') : found.sentences.length ? t('case.noAlarm') : stateOf(found.state).what]
    : [...kinds].map(([kind, sentences]) => element('span', {}, `${alarmName(kind)} `,
      ...sentences.slice(0, 5).map(s => element('button', {type: 'button', title: brief(s.text), onclick: () => choose(s)},
        t('case.sentence', {n: s.n + 1})))))));
}

/** Patient, date and view, and the next cases of the list that the reader came from. */
export async function showPlace(found) {
  const {here, next, nextUnjudged} = await place(found);
  const name = personName(here.patientName);
  byId('who').textContent = brief([name, here.patientId].filter(Boolean).join(' · ')) || t('worklist.noPatient');
  byId('study').textContent = [day(here.studyDate), here.modality, here.viewPosition, here.bodyPart].filter(Boolean)
    .map(brief).join(' · ');
  const to = (c, id, text) => (c ? element('a.button', {id, rel: 'next', href: pageOf(c)}, text) : null);
  byId('further').replaceChildren(...[
    to(next, 'next-case', t('case.next')), to(nextUnjudged, 'next-unjudged', t('case.nextUnjudged')),
  ].filter(Boolean));
}
