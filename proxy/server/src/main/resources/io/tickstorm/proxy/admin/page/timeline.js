// What has happened, the latest first.
import { byId, element, show, text } from './dom.js';
import { clock } from './format.js';

const FEW = 12;
const SIGNS = { good: '●', neutral: '○', bad: '▲' };
let all = false;
let last = [];

export function begin() {
  byId('earlier').addEventListener('click', () => {
    all = !all;
    draw();
  });
}

function item(event) {
  const at = element('time', { datetime: new Date(event.at).toISOString() }, clock(event.at));
  const sign = element('span', { 'aria-hidden': 'true', class: 'sign' }, SIGNS[event.tone]);
  const kind = element('span', { class: 'kind' }, sign, event.kind);
  const again = event.times > 1 ? element('small', {}, ` ${event.times} times, the last at ${clock(event.last)}`) : '';
  const backend = event.backend ? element('span', { class: 'backend' }, event.backend) : '';
  return element('li', { class: event.tone }, at, kind, element('span', { class: 'what' }, backend, event.text, again));
}

function draw() {
  const shown = all ? last : last.slice(0, FEW);
  byId('timeline').replaceChildren(...(shown.length > 0
    ? shown.map(item)
    : [element('li', { class: 'empty' }, 'Nothing since the start of this proxy.')]));
  text(byId('earlier'), all ? `Show the last ${FEW}` : `Show all ${last.length}`);
  show(byId('earlier'), last.length > FEW);
}

export function update(events) {
  last = events;
  draw();
}
