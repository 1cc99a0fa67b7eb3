// What the proxy tells, and whether it still does.
import { byId, show, text } from './dom.js';
import { clock } from './format.js';

/** It tells twice a second. */
const STALE_AFTER = 2000;
const LOOK_EVERY = 250;

/** A connection may be dead without anybody knowing. */
const TRY_ANEW_AFTER = 20000;

/** @param handlers by the name of what is told; each gets what was told */
export function listen(handlers) {
  let source = null;
  let last = performance.now();
  let told = null;
  let opened = 0;

  function open() {
    source?.close();
    opened = performance.now();
    source = new EventSource('/live');
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        const json = JSON.parse(event.data);
        if (name === 'state') {
          last = performance.now();
          told = json.at;
        }
        handle(json);
      });
    }
    // A refusal (too many pages) or an end is final for the browser; it is not for us.
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) {
        source = null;
      }
    });
  }

  function look() {
    if (document.hidden) {
      return;
    }
    const silent = performance.now() - last;
    const stale = silent > STALE_AFTER;
    const lost = source?.readyState !== EventSource.OPEN;
    document.body.classList.toggle('stale', stale);
    show(byId('stale'), stale);
    if (stale) {
      const since = told === null ? 'nothing was heard yet' : `what you see is of ${clock(told)}`;
      text(byId('stale'), `${lost ? 'Connection lost, trying again' : 'The proxy is silent'}: ${since}.`);
      const tried = performance.now() - opened;
      if (source === null ? tried > STALE_AFTER : tried > TRY_ANEW_AFTER && silent > TRY_ANEW_AFTER) {
        open();
      }
    }
    text(byId('link'), stale ? 'stale' : told === null ? 'connecting' : 'live');
  }

  // Who does not look costs the proxy nothing.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else {
      last = performance.now();
      open();
    }
  });
  open();
  setInterval(look, LOOK_EVERY);
}
