// Who serves: each backend, and what is looked for in all of them.
import { byId, element, keep, order, show } from './dom.js';
import { group } from './group.js';

const groups = new Map();
const nobody = element('p', { class: 'empty' }, 'There is no backend.');
let query = { text: '', troubled: false };
let last = null;

export function begin() {
  byId('groups').append(nobody);
  const changed = () => {
    query = { text: byId('find').value.trim().toLowerCase(), troubled: byId('troubled').checked };
    if (last) {
      update(last);
    }
  };
  byId('find').addEventListener('input', changed);
  byId('troubled').addEventListener('change', changed);
}

/** Whether all that leads to a backend speaks TCP: what it does is sessions then. */
function tcp(state, name) {
  const leading = state.listeners.filter((listener) => listener.backends.includes(name));
  return leading.length > 0 && leading.every((listener) => listener.protocol === 'TCP');
}

export function update(state) {
  last = state;
  const names = state.backends.map((backend) => backend.name);
  keep(groups, names, (name) => group(name, tcp(state, name)), (gone) => gone.outer.remove());
  order(byId('groups'), names.map((name) => groups.get(name).outer));
  state.backends.forEach((backend) => groups.get(backend.name).update(backend, query));
  show(nobody, names.length === 0);
}
