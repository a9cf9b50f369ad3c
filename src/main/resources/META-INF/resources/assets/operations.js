import {get} from './api.js';
import {identifiers} from './aside.js';
import {confirmed} from './confirm.js';
import {act, figure, showDestinations, whenChanged} from './destinations.js';
import {byId, element, unbroken} from './dom.js';
import {live} from './live.js';
import {redraw} from './redraw.js';
import {STATES, stateOf} from './states.js';
import {language, t} from './texts.js';
import {showRoutes} from './trial.js';
import {asideReason, figure as decimal, moment} from './words.js';

/** The page of the service's state. It looks again when a case changes, and every ten seconds, while it is seen. */
const AGAIN = 10_000;
const TOGETHER = 500; // milliseconds in which several changes are one
const DAY = 86_400_000;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

async function showWork() {
  const {states} = await get('/api/work');
  redraw(byId('work'), states, () => states.filter(({state, cases}) => cases || STATES[state]?.moves || state === 'DELIVERING').map(({state, cases, oldest}) => {
    const {name, tone} = stateOf(state);
    return figure(element('a', {href: `/?state=${state}`}, name), cases, tone === 'bad' && cases > 0,
      element('dd.oldest', {}, ...unbroken(oldest ? t('operations.oldest', {when: moment(oldest)}) : '')));
  }));
}

/** The quality figures' turnaround of the cases received on one day (UTC). */
async function turnaround(day) {
  const {rows} = await get(`/api/quality/turnaround?from=${day}&to=${day}`);
  const of = measure => rows.find(row => row.measure === measure)?.value ?? null;
  return {day, received: of('received') ?? 0, delivered: of('delivered') ?? 0, median: of('median-minutes'), p90: of('p90-minutes')};
}

async function showTurnaround() {
  const days = await Promise.all([0, 1].map(before => turnaround(new Date(Date.now() - before * DAY).toISOString().slice(0, 10))));
  redraw(byId('turnaround'), days, () => days.map(({day, received, delivered, median, p90}, i) =>
    figure(element('span', {}, ...unbroken(t(i === 0 ? 'operations.today' : 'operations.yesterday', {day}))), median === null ? '–' : t('operations.minutes', {minutes: decimal(median, 1)}), false,
      element('dd.oldest', {}, t(p90 === null ? 'operations.deliveredOf' : 'operations.turnaroundOf', {delivered, received, p90: decimal(p90, 1)})))));
}

async function showArrivals() {
  const {arrivals, total} = await get('/api/arrivals?state=set-aside');
  redraw(byId('arrivals'), [arrivals, total], () => (total === 0 ? [element('p.quiet', {}, t('operations.arrivalsNone'))] : [
    element('div.entry', {},
      element('button', {type: 'button', onclick: () => again('/api/arrivals/retry', t('operations.arrivalsAllQuestion', {n: total}),
        t('operations.arrivalsAll'))}, t('operations.arrivalsAll')),
      element('ul', {}, ...arrivals.map(arrival => element('li', {},
        t(`operations.kind.${arrival.kind}`, {when: moment(arrival.receivedAt), identifiers: identifiers(arrival)}),
        element('span.reason', {}, asideReason(arrival)),
        element('span.actions', {}, element('button', {type: 'button',
          onclick: () => again(arrival.links.retry, t('operations.arrivalQuestion'), t('operations.arrivalAgain'))},
        t('operations.arrivalAgain')))))))]));
}

async function again(path, question, action) {
  if (await confirmed(question, t('operations.arrivalsAgain'), action)) {
    await act(path, 'operations.arrivalsDone', 'arrivals');
  }
}

function bytes(n) {
  const unit = Math.min(UNITS.length - 1, n < 1 ? 0 : Math.floor(Math.log2(n) / 10));
  return new Intl.NumberFormat(language, {style: 'unit', unit: UNITS[unit], maximumFractionDigits: 1}).format(n / 1024 ** unit);
}

/** In the largest unit that divides it. */
function duration(seconds) {
  if (seconds % 86_400 === 0) {
    return t('operations.days', {n: seconds / 86_400});
  }
  return seconds % 3600 === 0 ? t('operations.hours', {n: seconds / 3600}) : t('operations.seconds', {n: seconds});
}

async function showStorage() {
  const found = await get('/api/storage');
  redraw(byId('storage'), found, () => storage(found));
}

function storage({folder, free, size, status, warnBelow, failBelow, objects, databaseBytes, retention}) {
  const [warn, fail] = [bytes(warnBelow), bytes(failBelow)];
  const fact = (name, ...value) => [element('dt', {}, name), element('dd', {}, ...value)];
  return [
    element(status === 'ok' ? 'p' : 'p.alert.bad', {}, t(`operations.disk.${status}`, {limit: status === 'failed' ? fail : warn})),
    element('dl.figures.facts', {},
      ...fact(t('operations.free'), t('operations.freeOf', {free: bytes(free), size: bytes(size)}), element('br'),
        element('meter', {'aria-label': t('operations.free'), min: 0, max: size, low: warnBelow, optimum: size, value: free})),
      ...fact(t('operations.objects'), objects ? t('operations.objectsOf', {bytes: bytes(objects.bytes), n: objects.files}) : t('operations.counting')),
      ...fact(t('operations.database'), databaseBytes === null ? t('operations.databaseUnknown') : bytes(databaseBytes)),
      ...fact(t('operations.folder'), element('code', {}, folder))),
    element('p', {}, t('operations.limits', {warn, fail})),
    element('p', {}, t('operations.kept')),
    element('table', {},
      element('thead', {}, element('tr', {}, ...['operations.setting', 'operations.time', 'operations.what'].map(head => element('th', {scope: 'col'}, t(head))))),
      element('tbody', {}, ...retention.map(({setting, seconds}) => element('tr', {},
        element('th', {scope: 'row'}, element('code', {}, setting)), element('td', {}, duration(seconds)),
        element('td', {}, t(`operations.setting.${setting}`)))))),
  ];
}

/** One part that cannot be shown does not hide the others. */
async function show() {
  const results = await Promise.allSettled([showWork(), showTurnaround(), showDestinations(), showArrivals(), showStorage(), showRoutes()]);
  const failed = results.find(({status}) => status === 'rejected');
  byId('asked').textContent = failed
    ? t('operations.paused', {why: failed.reason.message})
    : t('operations.asked', {when: new Date().toLocaleTimeString(language)});
}

let timer = null;
let soon = null;

async function look() {
  clearTimeout(timer);
  await show();
  if (!document.hidden) {
    timer = setTimeout(look, AGAIN);
  }
}

document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : look()));
whenChanged(show);
await look();
live(() => {
  soon ??= setTimeout(() => {
    soon = null;
    look();
  }, TOGETHER);
});
