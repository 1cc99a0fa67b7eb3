// Why something is as it is, as the proxy explains it.
import { byId, element, text } from './dom.js';

export function begin() {
  byId('why-close').addEventListener('click', () => byId('why').close());
}

function list(heading, lines) {
  return lines.length === 0 ? [] : [element('h3', {}, heading), element('ul', {}, ...lines.map((line) => element('li', {}, line)))];
}

function answer({ verdict, because, known, advice }) {
  return [
    element('p', { class: 'sentence' }, verdict),
    ...list('Because', because),
    ...list('Known', known),
    ...list('What to do', advice),
  ];
}

/**
 * @param kind upstream, backend or listener
 * @param name as the proxy knows it
 * @param backend only what is said of it in this one; an upstream may be in several
 * @param called as people call it
 */
export async function explain(kind, name, backend = null, called = name) {
  text(byId('why-title'), `Why: ${kind} ${called}`);
  byId('why-text').replaceChildren(element('p', {}, 'Asking …'));
  byId('why').showModal();
  try {
    const response = await fetch(`/why?${kind}=${encodeURIComponent(name)}`, { headers: { Accept: 'application/json' } });
    const json = await response.json();
    if (!response.ok) {
      throw new Error(json.error);
    }
    const meant = json.answers.filter((each) => backend === null || each.verdict.includes(` of backend ${backend} `));
    byId('why-text').replaceChildren(...(meant.length > 0 ? meant : json.answers).flatMap(answer));
  } catch (failure) {
    byId('why-text').replaceChildren(element('p', { class: 'bad' }, `No answer: ${failure.message}`));
  }
}
