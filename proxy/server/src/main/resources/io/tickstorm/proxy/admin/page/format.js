// Numbers and times as a person reads them.

const NONE = '–';
const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** For each second: one decimal while that says something. */
export function rate(value) {
  if (value === 0) {
    return '0';
  }
  return value < 9.95 ? value.toFixed(1) : grouped.format(value);
}

export function count(value) {
  return grouped.format(value);
}

/** From milliseconds. */
export function time(millis) {
  if (millis == null) {
    return NONE;
  }
  if (millis === 0) {
    return '0 ms';
  }
  if (millis >= 1000) {
    return `${(millis / 1000).toFixed(millis >= 10000 ? 0 : 1)} s`;
  }
  return `${millis < 9.95 ? millis.toFixed(1) : grouped.format(millis)} ms`;
}

export function percent(value) {
  if (value == null) {
    return NONE;
  }
  return `${value === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1)} %`;
}

export function bytes(value) {
  const units = ['B', 'kB', 'MB', 'GB'];
  let unit = 0;
  let shown = value;
  while (shown >= 1000 && unit < units.length - 1) {
    shown /= 1000;
    unit += 1;
  }
  return `${unit === 0 || shown >= 100 ? shown.toFixed(0) : shown.toFixed(1)} ${units[unit]}`;
}

/** How long, from seconds: the two largest units. */
export function age(seconds) {
  const whole = Math.floor(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  }
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function clock(millis) {
  return new Date(millis).toLocaleTimeString('en-GB');
}

export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}
