// Where clients come in.
import { bar, byId, element, keep, order, text, attribute } from './dom.js';
import { bytes, count, rate } from './format.js';
import { table } from './table.js';
import { explain } from './why.js';

const COLUMNS = [
  { name: 'Listener' },
  { name: 'Leads to' },
  { name: 'Connections' },
  { name: 'Requests /s', number: true },
  { name: 'Errors /s', number: true },
  { name: 'In /s', number: true },
  { name: 'Out /s', number: true },
];

const rows = new Map();
let body = null;

function make(name) {
  const title = element('button', { type: 'button', class: 'name', 'aria-haspopup': 'dialog' }, name);
  title.addEventListener('click', () => explain('listener', name));
  const where = element('small');
  const connections = element('span', { class: 'number' });
  const load = bar();
  const cells = COLUMNS.map((column) =>
    element('td', { role: 'cell', 'data-label': column.name, ...(column.number ? { class: 'number' } : {}) }));
  cells[0].append(title, where);
  cells[2].append(element('span', { class: 'measure' }, load.outer, connections));
  const row = element('tr', { role: 'row' }, ...cells);
  return { row, cells, where, connections, load };
}

function fill({ cells, where, connections, load }, listener) {
  text(where, `${listener.protocol}${listener.tls ? ' over TLS' : ''} on ${listener.address}`);
  text(cells[1], listener.backends.join(', '));
  text(connections, `${count(listener.connections)} of ${count(listener.most)}`);
  load.fill(listener.connections / listener.most);
  text(cells[3], rate(listener.rate));
  attribute(cells[3], 'data-label', listener.protocol === 'TCP' ? 'Sessions /s' : 'Requests /s');
  text(cells[4], rate(listener.errors));
  cells[4].classList.toggle('bad', listener.errors > 0);
  text(cells[5], bytes(listener.in));
  text(cells[6], bytes(listener.out));
}

export function update({ listeners }) {
  if (!body) {
    const made = table('Listeners', COLUMNS);
    byId('listeners').append(made.outer);
    body = made.body;
  }
  const names = listeners.map((listener) => listener.name);
  keep(rows, names, make, (gone) => gone.row.remove());
  order(body, names.map((name) => rows.get(name).row));
  listeners.forEach((listener) => fill(rows.get(listener.name), listener));
}
