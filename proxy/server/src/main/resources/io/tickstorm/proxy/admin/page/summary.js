// What a person should know first: one sentence, what is wrong, and eight numbers.
import { byId, element, items, text, attribute } from './dom.js';
import { count, plural, rate, time } from './format.js';
import { standing } from './standing.js';

const MOST_PROBLEMS = 5;
const figures = new Map();

function problems(state) {
  const found = [];
  if (state.draining) {
    found.push('This proxy has been asked to end: it finishes what runs.');
  }
  if (state.configuration.refused) {
    found.push(`A newer configuration is refused: ${state.configuration.problems[0]}`);
  } else if (state.configuration.problems.length > 0) {
    found.push(`A part of the configuration is not in use: ${state.configuration.problems[0]}`);
  }
  for (const backend of state.backends) {
    if (!backend.discovered) {
      found.push(`${backend.name}: nothing was heard yet of its endpoints, ${backend.endpoints}`);
    } else if (backend.mode !== 'NORMAL' && backend.mode !== 'PANIC') {
      found.push(`${backend.name}: ${backend.modeWords.replace(/^[a-z]+: /, '')}`);
    }
    if (backend.trouble) {
      found.push(`${backend.name}: its endpoints may have changed, ${backend.trouble}`);
    }
    if (backend.waiting > 0) {
      found.push(`${backend.name}: ${plural(backend.waiting, 'request waits', 'requests wait')} for room`);
    }
    for (const upstream of backend.upstreams) {
      if (upstream.held) {
        const { word, more } = standing(upstream);
        found.push(`${upstream.name} of ${backend.name}: ${word} (${more})`);
      }
    }
  }
  const most = found.length > MOST_PROBLEMS ? MOST_PROBLEMS - 1 : MOST_PROBLEMS;
  const shown = found.slice(0, most);
  if (found.length > most) {
    shown.push(`and ${count(found.length - most)} more, see below`);
  }
  return shown;
}

function verdict(state, wrong, errors) {
  const all = state.backends.reduce((sum, backend) => sum + backend.all, 0);
  const serving = state.backends.reduce((sum, backend) => sum + backend.serving, 0);
  const clients = errors > 0 ? '; clients see errors' : '; clients see no errors';
  if (serving === 0) {
    return ['bad', all === 0 ? 'There is no upstream' : `None of ${plural(all, 'upstream')} gets work`];
  }
  const panics = state.backends.filter((backend) => backend.mode === 'PANIC').map((backend) => backend.name);
  if (panics.length > 0) {
    return ['bad', `${panics.join(' and ')} in panic: too few upstreams are well, so all get work that can be reached${clients}`];
  }
  if (serving < all) {
    return [errors > 0 ? 'bad' : 'warn', `${count(serving)} of ${plural(all, 'upstream')} get${serving === 1 ? 's' : ''} work${clients}`];
  }
  const tone = errors > 0 ? 'bad' : wrong ? 'warn' : 'good';
  return [tone, `${all === 1 ? 'The one upstream gets' : `All ${plural(all, 'upstream')} get`} work${clients}`];
}

function figure(name, value, tone = '') {
  let shown = figures.get(name);
  if (!shown) {
    const term = element('dt', {}, name);
    const described = element('dd');
    byId('figures').append(element('div', {}, term, described));
    shown = { term, described };
    figures.set(name, shown);
  }
  text(shown.described, value);
  attribute(shown.described, 'class', tone);
}

/** What goes through listeners: requests, sessions, or both. */
export function unit(protocols) {
  const kinds = new Set(protocols);
  if (kinds.size > 1) {
    return 'Requests, sessions';
  }
  return kinds.has('TCP') ? 'Sessions' : 'Requests';
}

export function update(state) {
  const sum = (name) => state.listeners.reduce((all, listener) => all + listener[name], 0);
  const errors = sum('errors');
  const wrong = problems(state);
  const [tone, sentence] = verdict(state, wrong.length > 0, errors);
  text(byId('verdict'), `${sentence}.`);
  attribute(byId('summary'), 'data-tone', tone);
  items(byId('problems'), wrong);
  const protocols = state.listeners.map((listener) => listener.protocol);
  figure('per second', rate(sum('rate')));
  text(figures.get('per second').term, `${unit(protocols)} /s`);
  figure('p50', time(state.p50));
  figure('p99', time(state.p99));
  figure('Errors to clients /s', rate(errors), errors > 0 ? 'bad' : '');
  figure('Failed attempts /s', rate(state.failed), state.failed > 0 ? 'warn' : '');
  figure('Retries /s', rate(state.retried));
  figure('In flight', count(state.inFlight));
  figure('Connections', count(state.connections));
}
