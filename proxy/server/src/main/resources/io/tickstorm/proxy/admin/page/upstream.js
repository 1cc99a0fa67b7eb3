// One line for one upstream.
import { attribute, bar, element, show, text } from './dom.js';
import { ask } from './drain.js';
import { count, percent, rate, time } from './format.js';
import { SIGNS, standing } from './standing.js';
import { explain } from './why.js';

export const COLUMNS = [
  { name: 'Upstream', sort: 'name' },
  { name: 'State', sort: 'state' },
  { name: 'In flight', sort: 'inFlight' },
  { name: 'Share of work', sort: 'got' },
  { name: 'Requests /s', sort: 'rate', number: true },
  { name: 'p50', sort: 'p50', number: true },
  { name: 'p99', sort: 'p99', number: true },
  { name: 'Failed /s', sort: 'failed', number: true },
  { name: 'Retries /s', sort: 'retried', number: true },
  { name: 'Drain or resume', hidden: true },
];

/** For sessions the same columns have other names. */
export function columns(tcp) {
  const names = { 'In flight': 'Sessions', 'Requests /s': 'Sessions /s', p50: 'Connect p50', p99: 'Connect p99' };
  return COLUMNS.map((column) => ({ ...column, name: tcp ? (names[column.name] ?? column.name) : column.name }));
}

/** The fair share stands in the middle of its bar, so that twice as much fills it. */
const FAIR = 0.5;

/** @param backend the name of its backend */
export function line(backend, tcp, first) {
  let upstream = first;
  const named = columns(tcp);
  const cells = named.map((column) =>
    element('td', { role: 'cell', 'data-label': column.name, ...(column.number ? { class: 'number' } : {}) }));
  const [who, state, inFlight, share, rated, p50, p99, failed, retried, act] = cells;

  const name = element('button', { type: 'button', class: 'name', 'aria-haspopup': 'dialog' }, first.name);
  name.addEventListener('click', () => explain('upstream', upstream.uid ?? upstream.address, backend, upstream.name));
  const where = element('small');
  who.append(name, where);

  const sign = element('span', { 'aria-hidden': 'true', class: 'sign' });
  const word = element('span', { class: 'word' });
  const more = element('small');
  state.append(element('span', { class: 'state' }, sign, word), more);

  const load = bar('moving');
  const running = element('span', { class: 'number' });
  inFlight.append(element('span', { class: 'measure' }, load.outer, running));

  const part = bar('fair');
  const got = element('span', { class: 'number' });
  const fair = element('small');
  share.append(element('span', { class: 'measure' }, part.outer, got), fair);

  const button = element('button', { type: 'button' });
  button.addEventListener('click', () => ask(backend, upstream));
  act.append(button);

  return {
    row: element('tr', { role: 'row' }, ...cells),
    /**
     * @param most in flight on any of its backend
     * @param all in flight on all of them
     */
    fill(now, most, all) {
      upstream = now;
      const standingNow = standing(now);
      text(where, [now.address, now.zone, now.weight ? `weight ${now.weight}` : ''].filter(Boolean).join(' · '));
      attribute(state, 'class', standingNow.tone);
      text(sign, SIGNS[standingNow.tone]);
      text(word, standingNow.word);
      text(more, standingNow.more);
      load.fill(now.inFlight / Math.max(1, most));
      text(running, count(now.inFlight));
      // Sessions may last for hours: what counts is where they are, not where the last ones went.
      const had = tcp ? (all > 0 ? (100 * now.inFlight) / all : null) : now.got;
      part.fill(now.fair > 0 ? (FAIR * (had ?? 0)) / now.fair : (had ?? 0) > 0 ? 1 : 0);
      text(got, percent(had));
      text(fair, now.fair > 0 ? `fair ${percent(now.fair)}` : 'fair 0 %');
      text(rated, rate(now.rate));
      text(p50, time(now.p50));
      text(p99, time(now.p99));
      text(failed, rate(now.failed));
      failed.classList.toggle('bad', now.failed > 0);
      text(retried, rate(now.retried));
      const verb = now.byHand ? 'Resume' : 'Drain';
      text(button, verb);
      attribute(button, 'aria-label', `${verb} ${now.name}`);
      show(button, now.byHand || !now.held?.some((hold) => hold.reason === 'DRAINING'));
    },
  };
}
