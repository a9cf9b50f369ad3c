/** The page of users: list, add, change, disable, new password. */
import {get, post} from './api.js';
import {byId, element, showProblem} from './dom.js';
import {language, t} from './texts.js';

const ROLES = ['reader', 'reviewer', 'arbiter', 'administrator', 'service'];
const form = byId('user-form');
let changed = null; // the user in the form; null: a new one

for (const role of ROLES) {
  byId('roles').append(element('label.check', {}, element('input', {type: 'checkbox', name: 'role', value: role}),
    element('span', {}, t(`access.role.${role}`))));
}

const path = name => `/api/users/${encodeURIComponent(name)}`;

/** Runs a change and shows what becomes of it. */
async function run(change) {
  byId('problem').replaceChildren();
  try {
    await change();
    await load();
  } catch (problem) {
    showProblem(problem);
  }
}

function showPassword({name, password}) {
  byId('made').replaceChildren(element('p.alert', {}, `${t('access.oneTime', {name})} `, element('code', {id: 'one-time'}, password)));
}

function edit(user) {
  changed = user;
  byId('form-title').textContent = t('access.changeUser', {name: user.name});
  byId('name').value = user.name;
  byId('name').disabled = true;
  byId('display-name').value = user.displayName;
  form.querySelectorAll('[name=role]').forEach(box => box.checked = user.roles.includes(box.value));
  byId('cancel').hidden = false;
  byId('display-name').focus();
}

form.addEventListener('reset', () => {
  changed = null;
  byId('form-title').textContent = t('access.add');
  byId('name').disabled = false;
  byId('cancel').hidden = true;
});

form.addEventListener('submit', event => {
  event.preventDefault();
  const sent = {
    displayName: byId('display-name').value,
    roles: [...form.querySelectorAll('[name=role]:checked')].map(box => box.value),
  };
  run(async () => {
    byId('made').replaceChildren();
    if (changed) {
      await post(path(changed.name), {...sent, disabled: changed.disabled});
    } else {
      showPassword(await post('/api/users', {...sent, name: byId('name').value}));
    }
    form.reset();
  });
});

function setDisabled(user, disabled) {
  return run(() => post(path(user.name), {displayName: user.displayName, roles: user.roles, disabled}));
}

function state(user) {
  if (user.disabled) {
    return t('access.disabled');
  }
  return user.mustChange ? t('access.mustChange') : t('access.active', {n: user.sessions});
}

function row(user) {
  const when = new Date(user.changedAt).toLocaleString(language);
  return element('tr', {'data-user': user.name},
    element('th', {scope: 'row'}, user.name),
    element('td', {}, user.displayName),
    element('td', {}, user.roles.map(role => t(`access.role.${role}`)).join(', ')),
    element('td', {}, state(user)),
    element('td', {}, t('access.changedBy', {when, by: user.changedBy})),
    element('td', {},
      element('button', {type: 'button', onclick: () => edit(user)}, t('access.change')),
      element('button', {type: 'button', disabled: user.managed,
        onclick: () => run(async () => showPassword(await post(`${path(user.name)}/password`)))}, t('access.reset')),
      element('button', {type: 'button', onclick: () => setDisabled(user, !user.disabled)},
        t(user.disabled ? 'access.enable' : 'access.disable'))));
}

async function load() {
  byId('users').replaceChildren(...(await get('/api/users')).users.map(row));
}

run(() => {});
