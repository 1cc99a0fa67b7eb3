// Taking an upstream out by hand, and giving it work again.
import { byId, show, text } from './dom.js';
import { plural } from './format.js';

// Nowhere but here: not in a cookie, not in any storage.
let token = '';
let needed = false;
let backends = [];
let wanted = null;

export function begin() {
  byId('drain-cancel').addEventListener('click', () => byId('drain').close());
  byId('drain-form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (byId('token').value) {
      token = byId('token').value;
    }
    carryOut();
  });
  byId('drain').addEventListener('close', () => {
    byId('token').value = '';
  });
}

export function update(state) {
  needed = state.token;
  backends = state.backends;
}

function consequence(backend, upstream) {
  if (upstream.byHand) {
    return 'It gets new work from this proxy again, unless something else holds it back.';
  }
  const others = (backends.find((each) => each.name === backend)?.serving ?? 0) - (upstream.serving ? 1 : 0);
  const rest = others > 0
    ? `${plural(others, 'other serves', 'others serve')}.`
    : 'Nobody else serves, so it may get work all the same.';
  return `It gets no new work from this proxy and finishes what it has. ${rest} It stays so until it is resumed or this proxy ends; other proxies are not told.`;
}

/** Opens the question. */
export function ask(backend, upstream) {
  const verb = upstream.byHand ? 'resume' : 'drain';
  wanted = { backend, name: upstream.uid ?? upstream.address, verb };
  text(byId('drain-title'), `${upstream.byHand ? 'Resume' : 'Drain'} ${upstream.name}?`);
  text(byId('drain-text'), consequence(backend, upstream));
  text(byId('drain-go'), upstream.byHand ? 'Resume' : 'Drain');
  text(byId('drain-error'), '');
  show(byId('drain-token'), needed && token === '');
  byId('drain').showModal();
  (needed && token === '' ? byId('token') : byId('drain-go')).focus();
}

async function carryOut() {
  const { backend, name, verb } = wanted;
  const path = `/backends/${encodeURIComponent(backend)}/upstreams/${encodeURIComponent(name)}/${verb}`;
  const proof = needed ? { Authorization: `Bearer ${token}` } : { 'X-Tickstorm-Admin': 'page' };
  byId('drain-go').disabled = true;
  try {
    const response = await fetch(path, { method: 'POST', headers: proof });
    const json = await response.json();
    if (response.ok) {
      byId('drain').close();
      return;
    }
    text(byId('drain-error'), json.error);
    if (response.status === 401) {
      token = '';
      show(byId('drain-token'), true);
      byId('token').focus();
    }
  } catch (failure) {
    text(byId('drain-error'), `No answer: ${failure.message}`);
  } finally {
    byId('drain-go').disabled = false;
  }
}
