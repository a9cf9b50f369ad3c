/** The service's JSON. A page of this folder gets and sends nothing but by these two. */

/** What the service says against a request, for a person to read. */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @returns the JSON, or the bytes where it is none */
export async function get(path, accept = 'application/json') {
  const answer = await ask(path, {headers: {Accept: accept}});
  return accept === 'application/json' ? answer.json() : answer.arrayBuffer();
}

export async function post(path, body) {
  const answer = await ask(path, {
    method: 'POST',
    headers: {'Accept': 'application/json', 'Content-Type': 'application/json'},
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answer.json();
}

async function ask(path, options) {
  let answer;
  try {
    options.headers['X-Requested-With'] = 'XMLHttpRequest';
    answer = await fetch(path, {...options, credentials: 'same-origin'});
  } catch {
    throw new Problem(0, 'The service does not answer. Look whether it runs, then load this page again.');
  }
  if (answer.status === 401 || new URL(answer.url).pathname === '/sign-in') {
    location.assign('/sign-in');
    await new Promise(() => {}); // the page is being left
  }
  if (!answer.ok) {
    const json = (answer.headers.get('Content-Type') ?? '').includes('json');
    const problem = json ? await answer.json() : {};
    throw new Problem(answer.status, problem.detail ?? `The service answered ${answer.status}.`);
  }
  return answer;
}
