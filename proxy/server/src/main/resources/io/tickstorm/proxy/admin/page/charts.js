// The last ten minutes, for all backends together or one of them.
import { attribute, byId, element, show, text } from './dom.js';
import { count, rate, time } from './format.js';

/** Seconds, as the proxy keeps them. */
const SPAN = 600;
/** What charts may span, and how far apart their times are. */
const SPANS = [[60, 20], [120, 30], [300, 60], [SPAN, 120]];
const ALL = '';

const CHARTS = [
  { title: 'Attempts /s', lines: [{ of: 'rate', name: 'attempts', colour: '--accent' }], format: rate },
  { title: 'Latency', lines: [{ of: 'p50', name: 'p50', colour: '--accent' }, { of: 'p99', name: 'p99', colour: '--warn', dash: [4, 3] }], format: time },
  {
    title: 'Errors and retries /s',
    lines: [
      { of: 'errors', name: 'to clients', colour: '--bad' },
      { of: 'failed', name: 'attempts', colour: '--warn', dash: [4, 3] },
      { of: 'retried', name: 'retries', colour: '--accent', dash: [1, 3] },
    ],
    format: rate,
  },
  { title: 'In flight', lines: [{ of: 'inFlight', name: 'in flight', colour: '--accent' }], format: count },
];

let series = {};
let step = 2;
let chosen = ALL;
let events = [];
let drawn = [];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A thin line where something bad happened, behind the curves. */
const marks = {
  id: 'marks',
  beforeDatasetsDraw({ ctx, chartArea, scales }) {
    ctx.save();
    ctx.strokeStyle = colour('--bad');
    ctx.globalAlpha = 0.35;
    for (const event of events) {
      const x = scales.x.getPixelForValue((event.at - Date.now()) / 1000);
      if (event.tone === 'bad' && x >= chartArea.left) {
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
      }
    }
    ctx.restore();
  },
};

function ago(value) {
  if (value === 0) {
    return 'now';
  }
  return value % 60 === 0 ? `${value / 60} min` : `${value} s`;
}

/** A proxy that has just begun fills its charts with the time that it has. */
function span(length) {
  return SPANS.find(([seconds]) => seconds >= length * step) ?? SPANS.at(-1);
}

function options(format) {
  const ticks = { color: colour('--muted'), font: { size: 11 }, maxRotation: 0 };
  const grid = { color: colour('--line'), tickLength: 0 };
  return {
    animation: false,
    parsing: false,
    normalized: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index', intersect: false },
    elements: { point: { radius: 0, hitRadius: 0 }, line: { borderWidth: 1.5 } },
    scales: {
      x: {
        type: 'linear',
        min: -SPAN,
        max: 0,
        border: { display: false },
        grid: { display: false },
        ticks: { ...ticks, callback: ago },
      },
      y: {
        min: 0,
        border: { display: false },
        grid,
        ticks: { ...ticks, maxTicksLimit: 4, precision: format === count ? 0 : undefined, callback: (value) => format(value) },
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        callbacks: {
          title: ([first]) => (first ? `${Math.round(-first.parsed.x)} s ago` : ''),
          label: (item) => `${item.dataset.label}: ${format(item.parsed.y)}`,
        },
      },
    },
  };
}

function draw({ title, lines, format }) {
  const canvas = element('canvas', { role: 'img' });
  const figure = element('figure', {});
  const legend = element('span', { class: 'legend' });
  const values = lines.map((line) => {
    const value = element('b');
    legend.append(element('span', { class: line.colour.slice(2) + (line.dash ? ' dashed' : '') }, `${line.name} `, value));
    return value;
  });
  figure.append(element('figcaption', {}, element('span', {}, title), legend), element('div', { class: 'canvas' }, canvas));
  byId('charts').append(figure);
  const chart = new globalThis.Chart(canvas, {
    type: 'line',
    data: { datasets: lines.map((line) => ({ label: line.name, data: [], borderDash: line.dash ?? [] })) },
    options: options(format),
    plugins: [marks],
  });
  return { title, lines, format, canvas, chart, values };
}

function refresh() {
  const one = series[chosen] ?? {};
  for (const { title, lines, format, canvas, chart, values } of drawn) {
    const said = lines.map((line, index) => {
      const samples = one[line.of] ?? [];
      const dataset = chart.data.datasets[index];
      dataset.data = samples.map((y, at) => ({ x: (at - samples.length + 1) * step, y: y ?? NaN }));
      dataset.borderColor = colour(line.colour);
      const last = samples.at(-1);
      text(values[index], last == null ? '–' : format(last));
      const known = samples.filter((y) => y != null);
      return known.length === 0
        ? `${line.name}: nothing`
        : `${line.name}: ${format(known.at(-1))} now, ${format(Math.min(...known))} to ${format(Math.max(...known))} in ten minutes`;
    });
    attribute(canvas, 'aria-label', `${title}. ${said.join('; ')}.`);
    const [seconds, apart] = span((one.rate ?? []).length);
    chart.options.scales.x.min = -seconds;
    chart.options.scales.x.ticks.stepSize = apart;
    chart.update('none');
  }
}

function choices() {
  const names = Object.keys(series).filter((name) => name !== ALL);
  const select = byId('series');
  const wanted = [ALL, ...names];
  if ([...select.options].map((option) => option.value).join('\n') !== wanted.join('\n')) {
    chosen = wanted.includes(chosen) ? chosen : ALL;
    select.replaceChildren(...wanted.map((name) => element('option', { value: name }, name === ALL ? 'all' : name)));
    select.value = chosen;
  }
  show(byId('choice'), names.length > 1);
}

export function begin() {
  drawn = CHARTS.map(draw);
  byId('series').addEventListener('change', (event) => {
    chosen = event.target.value;
    refresh();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    drawn.forEach(({ chart, format }) => {
      chart.options = options(format);
    });
    refresh();
  });
}

/** All that the proxy keeps. */
export function history(told) {
  step = told.step / 1000;
  series = told.series;
  choices();
  refresh();
}

/** One more of each. */
export function sample(told) {
  const most = SPAN / step;
  for (const [name, measures] of Object.entries(told.series)) {
    const known = (series[name] ??= {});
    for (const [of, values] of Object.entries(measures)) {
      known[of] = [...(known[of] ?? []), ...values].slice(-most);
    }
  }
  for (const name of Object.keys(series)) {
    if (!(name in told.series)) {
      delete series[name];
    }
  }
  choices();
  refresh();
}

export function mark(told) {
  events = told;
}
