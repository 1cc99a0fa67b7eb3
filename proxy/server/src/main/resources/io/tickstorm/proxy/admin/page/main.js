import { byId, text } from './dom.js';
import * as backends from './backends.js';
import * as charts from './charts.js';
import * as configuration from './configuration.js';
import * as drain from './drain.js';
import { listen } from './live.js';
import * as listeners from './listeners.js';
import * as summary from './summary.js';
import * as timeline from './timeline.js';
import * as why from './why.js';

text(byId('place'), location.host);
document.title = `Tick-Storm ${location.host}`;
why.begin();
drain.begin();
charts.begin();
backends.begin();
timeline.begin();
configuration.begin();

listen({
  state(state) {
    drain.update(state);
    summary.update(state);
    listeners.update(state);
    backends.update(state);
    configuration.update(state);
  },
  history: charts.history,
  sample: charts.sample,
  timeline(events) {
    timeline.update(events);
    charts.mark(events);
  },
});
