// The configuration as it was read, and what is wrong with it.
import { byId, items, text } from './dom.js';

let shown = null;
let current = null;

export function begin() {
  byId('configuration').addEventListener('toggle', read);
}

function sentence({ hash, refused, problems }) {
  const name = hash ? `Configuration ${hash} is in use` : 'The configuration of the start is in use';
  if (refused) {
    return `${name}. A newer one was refused, because:`;
  }
  return problems.length > 0 ? `${name}, but for:` : `${name}, all of it.`;
}

/** Only when somebody looks, and again when it is another one. */
async function read() {
  if (!byId('configuration').open || shown === current) {
    return;
  }
  shown = current;
  try {
    const response = await fetch('/config');
    text(byId('configuration-text'), await response.text());
  } catch (failure) {
    shown = null;
    text(byId('configuration-text'), `No answer: ${failure.message}`);
  }
}

export function update({ configuration }) {
  const problems = configuration.problems;
  text(byId('configuration-state'), sentence(configuration));
  byId('configuration-state').classList.toggle('bad', problems.length > 0);
  items(byId('configuration-problems'), problems);
  current = JSON.stringify(configuration);
  read();
}
