import {get, post} from './api.js';
import {byId, element} from './dom.js';
import {redraw} from './redraw.js';
import {t} from './texts.js';
import {moment, notAnalysed} from './words.js';

/** The routes in force, and the dry run of a case. */
const KEYS = ['modality', 'body-part-examined', 'study-description', 'series-description', 'procedure-code', 'patient-sex',
  'patient-age', 'calling-ae-title', 'called-ae-title', 'report-language'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const form = byId('trial');

export async function showRoutes() {
  const found = await get('/api/routes');
  const {file, hash, since, error, routes} = found;
  redraw(byId('routes'), found, () => (file ? [
    element('p.quiet', {}, t('operations.routesFile', {file, when: moment(since), hash: hash.slice(0, 12)})),
    error ? element('div.alert.bad', {}, element('p', {}, t('operations.routesWrong')), element('pre', {}, error)) : '',
    table(routes),
  ] : [element('p.quiet', {}, t('operations.routesNone'))]));
}

function table(routes) {
  const heads = ['operations.route', 'operations.line', 'operations.conditions', 'operations.handling'];
  return element('table', {},
    element('thead', {}, element('tr', {}, ...heads.map(head => element('th', {scope: 'col'}, t(head))))),
    element('tbody', {}, ...routes.map(route => element('tr', {},
      element('th', {scope: 'row'}, route.name),
      element('td', {}, String(route.line)),
      element('td', {}, route.when.map(({key, wanted}) => `${key}: ${wanted}`).join('; ') || t('operations.always')),
      element('td', {}, handling(route))))));
}

function handling({ignore, images, model, method, destinations}) {
  if (ignore) {
    return t('operations.ignores', {why: ignore});
  }
  const chosen = Object.entries(images ?? {}).filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${[value].flat().join(', ')}`).join('; ');
  const to = destinations.map(({destination, objects}) => destination + (objects ? ` (${objects.join(', ')})` : '')).join(', ');
  return [
    chosen && t('operations.images', {images: chosen}), model && t('operations.model', {model}), method && t('operations.method', {method}),
    to ? t('operations.to', {destinations: to}) : t('operations.toNone'),
  ].filter(Boolean).join('; ');
}

byId('trial-attributes').append(...KEYS.map(key => element('div', {},
  element('label', {for: `key-${key}`}, element('code', {}, key)),
  element('input', {id: `key-${key}`, name: key, maxlength: 256, autocomplete: 'off', spellcheck: 'false'}))));

form.addEventListener('change', () => {
  const attributes = form.elements.what.value === 'attributes';
  byId('trial-attributes').hidden = !attributes;
  byId('trial-case').hidden = attributes;
  byId('trial-of').required = !attributes;
});

form.addEventListener('submit', async event => {
  event.preventDefault();
  const button = form.querySelector('[type=submit]');
  button.disabled = true;
  byId('trial-answer').replaceChildren();
  try {
    byId('trial-answer').replaceChildren(...answer(await post('/api/routes/trial', asked())));
  } catch (problem) {
    byId('trial-answer').replaceChildren(element('p.alert.bad', {}, problem.message));
  }
  button.disabled = false;
});

function asked() {
  if (form.elements.what.value === 'attributes') {
    const given = KEYS.map(key => [key, byId(`key-${key}`).value.trim()]).filter(([, value]) => value);
    return {attributes: Object.fromEntries(given)};
  }
  const of = byId('trial-of').value.trim();
  return UUID.test(of) ? {caseId: of} : {accessionNumber: of};
}

function answer({caseId, taken, passed, ignored, images, model, method, destinations}) {
  return [
    element('p.tried', {}, t('operations.takes', {route: taken.route}), taken.line ? '' : ` (${t('operations.default')})`),
    ...(caseId ? [element('p', {}, element('a', {href: `/cases/${caseId}`}, t('operations.itsCase')))] : []),
    conditions(taken),
    ...passed.flatMap(route => [element('p', {}, t('operations.notTaken', {route: route.route})), conditions(route)]),
    ...(ignored ? [element('p', {}, t('operations.wouldIgnore', {why: ignored}))] : [
      element('p', {}, t('operations.wouldUse', {model: model.name, by: t(`operations.by.${model.byCode}`), method})),
      element('ul', {}, ...(destinations.length ? destinations.map(({destination, address, objects}) =>
        element('li', {}, t('operations.wouldSend', {destination, address, objects: objects.join(', ')})))
        : [element('li', {}, t('operations.wouldStay'))])),
      images ? element('details', {}, element('summary', {}, t('operations.imagesOf', {n: images.length})),
        element('ul', {}, ...images.map(image => element('li', {}, image.chosen
          ? t('operations.imageChosen', {uid: image.sopInstanceUid, frame: image.frame})
          : t('operations.imageNot', {uid: image.sopInstanceUid, why: notAnalysed(image)}))))) : '',
    ]),
  ];
}

function conditions({conditions: all}) {
  return element('ol.compared', {}, ...(all.length ? all.map(({key, wanted, observed, holds}) => element('li', {},
    t(holds ? 'operations.observed' : 'operations.wanted', {key, observed, wanted}), ' – ',
    element(holds ? 'b.holds' : 'b.holds-not', {}, t(holds ? 'operations.holds' : 'operations.holdsNot'))))
    : [element('li.quiet', {}, t('operations.noConditions'))]));
}
