/** Builds elements. Text stays text: nothing from the service is parsed as HTML. */

/**
 * @param tag with classes: `p.alert.bad`
 * @param attributes by name; `on...` is an event listener, null and false are left out
 * @param children nodes and strings
 */
export function element(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const made = document.createElement(name);
  made.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== false) {
      made.setAttribute(key, value === true ? '' : value);
    }
  }
  made.append(...children.filter(child => child !== null));
  return made;
}

export const byId = id => document.getElementById(id);

/** A text as parts of which no date is broken at the end of a line. */
export const unbroken = text => text.split(/(\d{4}-\d\d-\d\d)/).map((part, i) => (i % 2 ? element('span.unbroken', {}, part) : part));

/** Sign-in name of the person who is signed in; '' on pages for strangers. */
export const PERSON = document.querySelector('.menu .user')?.textContent ?? '';

const BRIEF = 64;

/** The beginning of a text, for where a line must do. */
export const brief = text => (text?.length > BRIEF ? `${text.slice(0, BRIEF)}…` : text ?? '');

/** Whether the person who is signed in has one of the roles. */
export const mayOpen = (...roles) => roles.some(role => document.body.dataset.roles?.split(' ').includes(role));

export function showProblem(problem) {
  byId('problem').replaceChildren(element('p.alert.bad', {}, problem.message));
}
