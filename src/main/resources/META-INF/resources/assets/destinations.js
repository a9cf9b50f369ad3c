import {get, post} from './api.js';
import {confirmed} from './confirm.js';
import {byId, element, showProblem} from './dom.js';
import {redraw} from './redraw.js';
import {t} from './texts.js';
import {inReasons, moment} from './words.js';

/**
 * Where results go: what waits for each destination, tries of a connection, and what was given up.
 * An entry stays in its place while its figures change, with what a person has opened or tried.
 */
const entries = new Map(); // by name
let changed = async () => {}; // shows the page's figures anew

/** @param reload shows the page's figures anew */
export function whenChanged(reload) {
  changed = reload;
}

export async function showDestinations() {
  const {destinations} = await get('/api/destinations');
  const names = destinations.map(each => each.name);
  for (const [name, entry] of entries) {
    if (!names.includes(name)) {
      entry.element.remove();
      entries.delete(name);
    }
  }
  for (const destination of destinations) {
    if (!entries.has(destination.name)) {
      entries.set(destination.name, made(destination));
      byId('destinations').append(entries.get(destination.name).element);
    }
    await entries.get(destination.name).show(destination);
  }
  byId('no-destination')?.remove();
  if (!destinations.length) {
    byId('destinations').append(element('p.quiet', {id: 'no-destination'}, t('operations.none')));
  }
}

/** An empty entry; `show` fills in the figures. */
function made({name, address, protocol, links}) {
  const namedBy = element('p.quiet');
  const figures = element('dl.tiles');
  const last = element('p');
  const said = element('p.tried', {role: 'status'});
  const found = element('span.reason');
  const letters = element('ul');
  const count = element('summary');
  const all = element('button', {type: 'button', onclick: () => again(links.redelivery,
    t('operations.redeliverAllQuestion', {address}), t('operations.redeliverAllWhat'), t('operations.redeliverAll')),
  'aria-label': t('operations.redeliverAllOf', {address})}, t('operations.redeliverAll'));
  const dead = element('details', {hidden: true, ontoggle: () => dead.open && list()}, count, letters, all);
  const button = element('button', {type: 'button', 'aria-label': t('operations.tryOf', {address}), onclick: tryIt}, t('operations.tryIt'));
  let listed = null; // number of dead letters in the list

  async function tryIt() {
    button.disabled = true;
    found.textContent = '';
    said.className = 'tried';
    said.textContent = t(`operations.trying.${protocol}`);
    try {
      const tried = await post(links.tryIt);
      said.classList.add(tried.outcome === 'works' ? 'good' : 'bad');
      said.textContent = t('operations.triedIn', {outcome: t(`operations.outcome.${tried.outcome}`), ms: tried.milliseconds, what: t(`operations.tried.${tried.tried === 'nothing' ? 'nothing' : protocol}`)});
      found.textContent = inReasons([tried.reason]);
    } catch (problem) {
      said.classList.add('bad');
      said.textContent = problem.message;
    }
    button.disabled = false;
  }

  async function list() {
    const {deadLetters, total} = await get(links.deadLetters);
    listed = total;
    redraw(letters, [deadLetters, total], () => [...deadLetters.map(letter => row(letter, address)),
      ...(total > deadLetters.length ? [element('li.quiet', {}, t('operations.firstOf', {n: deadLetters.length, total}))] : [])]);
  }

  async function show(destination) {
    namedBy.textContent = destination.namedBy.length
      ? t('operations.namedBy', {settings: destination.namedBy.join(', ')}) : t('operations.unnamed');
    figures.replaceChildren(
      figure(t('operations.waiting'), destination.waiting),
      figure(t('operations.trying'), destination.trying),
      figure(t('operations.uncommitted'), destination.uncommitted),
      figure(t('operations.dead'), destination.dead, destination.dead > 0),
      element('div', {}, element('dt', {}, t('operations.since')), element('dd', {}, destination.oldest ? moment(destination.oldest) : '–')));
    redraw(last, destination.last, () => (destination.last ? [
      element('b', {}, t('operations.last')), ' ',
      element('span.reason', {}, t('operations.lastAt', {when: moment(destination.last.at), problem: inReasons([destination.last.reason])})),
      element('a', {href: `/cases/${destination.last.caseId}`}, t('operations.itsCase'))] : []));
    dead.hidden = destination.dead === 0;
    count.textContent = t('operations.deadLetters', {n: destination.dead});
    if (dead.open && destination.dead !== listed) {
      await list();
    }
  }

  return {show, element: element('section.entry', {id: `destination-${name}`, 'aria-labelledby': `address-${name}`},
    element('div.title', {},
      element('h3', {id: `address-${name}`}, address),
      element('span.chip', {}, protocol.toUpperCase()),
      element('span.actions', {}, button)),
    namedBy, said, found, figures, last, dead)};
}

export function figure(name, value, bad = false, ...more) {
  return element(bad ? 'div.bad' : 'div', {}, element('dt', {}, name), element('dd.count', {}, String(value)), ...more);
}

function row({kind, attempts, reason, givenUpAt, links}, address) {
  return element('li', {},
    t('operations.letter', {kind: t(`operations.sent.${kind}`), when: moment(givenUpAt), attempts}),
    element('span.reason', {}, inReasons([reason])),
    element('span.actions', {},
      element('a', {href: links.page}, t('operations.itsCase')),
      element('button', {type: 'button', onclick: () => again(links.redelivery,
        t('operations.redeliverQuestion', {address}), t('operations.redeliverWhat'), t('operations.redeliver'))},
      t('operations.redeliver'))));
}

async function again(path, question, consequence, action) {
  if (await confirmed(question, consequence, action)) {
    await act(path, 'operations.redelivered', 'cases');
  }
}

/** Does what was confirmed, and says at the top of the page what came of it: its button may be gone. */
export async function act(path, text, counted) {
  byId('problem').replaceChildren();
  try {
    const done = await post(path);
    byId('said').replaceChildren(element('p.alert.good', {}, t(text, {n: done[counted]})));
    byId('said').focus();
    await changed();
  } catch (problem) {
    showProblem(problem);
  }
}
