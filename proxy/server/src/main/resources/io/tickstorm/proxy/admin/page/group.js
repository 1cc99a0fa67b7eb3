// One backend and its upstreams.
import { attribute, element, keep, order, show, text } from './dom.js';
import { count, plural, rate, time } from './format.js';
import { key, standing, troubled } from './standing.js';
import { sorted, table } from './table.js';
import { columns, line } from './upstream.js';
import { explain } from './why.js';

/** Rows that a person can oversee; the others are behind a button. */
const FEW = 50;

/** Rows that change their places at every tick cannot be read. */
const MOVE_EVERY = 2000;

const TONES = ['bad', 'warn', 'calm', 'good'];

function value(upstream, by) {
  if (by === 'state') {
    return TONES.indexOf(standing(upstream).tone);
  }
  return upstream[by] ?? -1;
}

function compare(by, descending) {
  const sign = descending ? -1 : 1;
  const names = new Intl.Collator('en', { numeric: true });
  return (one, other) => {
    const difference = by === 'name' ? 0 : value(one, by) - value(other, by);
    return difference === 0
      ? (by === 'name' ? sign : 1) * names.compare(one.name, other.name)
      : sign * difference;
  };
}

const words = (upstream) =>
  [upstream.name, upstream.address, upstream.zone, standing(upstream).word].join(' ').toLowerCase();

export function group(name, tcp) {
  const rows = new Map();
  let sort = null;
  let descending = false;
  let all = false;
  let moved = -MOVE_EVERY;
  let last = null;
  let keys = [];

  const title = element('button', { type: 'button', class: 'name', 'aria-haspopup': 'dialog' }, name);
  title.addEventListener('click', () => explain('backend', name));
  const facts = element('p', { class: 'facts' });
  const empty = element('p', { class: 'empty' });
  const more = element('button', { type: 'button' });
  const shown = columns(tcp);
  const { outer, body, heads } = table(`Upstreams of ${name}`, shown, (by) => {
    descending = sort === by ? !descending : !['name', 'state'].includes(by);
    sort = by;
    refresh(true);
  });
  more.addEventListener('click', () => {
    all = !all;
    refresh(true);
  });

  function describe(backend) {
    const parts = [
      `${count(backend.serving)} of ${plural(backend.all, 'upstream')} get${backend.serving === 1 ? 's' : ''} work`,
      `${rate(backend.rate)} ${tcp ? 'sessions' : 'requests'}/s`,
      backend.p99 == null ? '' : `p50 ${time(backend.p50)}, p99 ${time(backend.p99)}`,
      backend.waiting > 0 ? `${count(backend.waiting)} of at most ${count(backend.waitingMost)} wait` : '',
      backend.policy,
      backend.mode === 'NORMAL' ? '' : backend.modeWords,
      `endpoints by ${backend.endpoints}`,
      backend.more > 0 ? `${count(backend.more)} more are not shown here, see /state` : '',
    ];
    text(facts, parts.filter(Boolean).join(' · '));
    attribute(facts, 'data-mode', backend.mode);
  }

  /** @param now whether rows may move although somebody reads them */
  function refresh(now) {
    const { backend, query } = last;
    const found = backend.upstreams.filter((upstream) =>
      (!query.troubled || troubled(upstream)) && words(upstream).includes(query.text));
    // Where there are many, those in trouble come first.
    const by = sort ?? (backend.all > FEW ? 'state' : 'name');
    sorted(shown, heads, by, descending);
    const still = performance.now() - moved < MOVE_EVERY || outer.contains(document.activeElement);
    const most = all ? found.length : FEW;
    const here = new Map(found.map((upstream) => [key(upstream), upstream]));
    if (now || !still) {
      moved = performance.now();
      keys = found.toSorted(compare(by, descending)).slice(0, most).map(key);
    } else {
      const known = new Set(keys);
      const fresh = [...here.keys()].filter((each) => !known.has(each));
      keys = [...keys.filter((each) => here.has(each)), ...fresh].slice(0, most);
    }
    keep(rows, keys, (each) => line(name, tcp, here.get(each)), (gone) => gone.row.remove());
    order(body, keys.map((each) => rows.get(each).row));
    const busiest = backend.upstreams.reduce((highest, upstream) => Math.max(highest, upstream.inFlight), 0);
    keys.forEach((each) => rows.get(each).fill(here.get(each), busiest, backend.inFlight));
    show(outer, keys.length > 0);
    text(empty, backend.all === 0
      ? `No endpoint. They are named by ${backend.endpoints}.`
      : 'No upstream of this backend is like that.');
    show(empty, keys.length === 0);
    text(more, all ? `Show ${FEW}` : `Show all ${count(found.length)}`);
    show(more, found.length > FEW);
  }

  return {
    outer: element('article', { 'aria-label': `Backend ${name}` }, element('h3', {}, title), facts, outer, empty, more),
    update(backend, query) {
      const asked = last === null || last.query !== query;
      last = { backend, query };
      describe(backend);
      refresh(asked);
    },
  };
}
