import {PERSON, showProblem} from './dom.js';
import {has, t} from './texts.js';

/** Talks JSON to the service. Pages send and receive only through these functions. */

/** The service's refusal of a request, as text for a person. */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @param signal of an AbortController, to cancel the request
 * @returns the JSON, or the bytes if the answer is not JSON
 */
export async function get(path, accept = 'application/json', signal = undefined) {
  const answer = await ask(path, {headers: {Accept: accept}, signal});
  return accept === 'application/json' ? answer.json() : answer.arrayBuffer();
}

/** Deletes what was sent. */
export async function remove(path) {
  return (await ask(path, {method: 'DELETE', headers: {Accept: 'application/json'}})).json();
}

export async function post(path, body) {
  const answer = await ask(path, {
    method: 'POST',
    headers: {'Accept': 'application/json', 'Content-Type': 'application/json'},
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answer.json();
}

/** A refusal in the page's language, if it is one that a person can meet; else as the service says it. */
function inWords({code, detail}) {
  const own = `words.refused.${code}`;
  return has(own) ? t(own) : detail;
}

async function ask(path, options) {
  let answer;
  try {
    options.headers['X-Requested-With'] = 'XMLHttpRequest';
    options.headers['X-M2ib-Person'] = encodeURIComponent(PERSON);
    answer = await fetch(path, {...options, credentials: 'same-origin'});
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Problem(0, t('frame.noAnswer'));
  }
  if (answer.status === 401 || new URL(answer.url, location).pathname === '/sign-in') {
    location.reload(); // the page leads to signing in, and that back to the page
    await new Promise(() => {}); // the page is being left
  }
  if (answer.status === 412) { // another tab has another session now: as without a connection, what is said stays in the browser
    const other = new Problem(0, t('frame.otherPerson', {person: PERSON}));
    showProblem(other);
    throw other;
  }
  if (!answer.ok) {
    const json = (answer.headers.get('Content-Type') ?? '').includes('json');
    const problem = json ? await answer.json() : {};
    throw new Problem(answer.status, inWords(problem) ?? t('frame.answered', {status: answer.status}));
  }
  return answer;
}
