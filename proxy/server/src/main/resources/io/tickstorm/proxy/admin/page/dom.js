// Making and changing elements. Nothing here, or elsewhere, turns text into markup.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; strings become text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Touches the document only if something is different: most of what is told is as it was. */
export function text(node, value) {
  const wanted = String(value);
  if (node.textContent !== wanted) {
    node.textContent = wanted;
  }
}

export function attribute(node, name, value) {
  if (node.getAttribute(name) !== value) {
    node.setAttribute(name, value);
  }
}

export function show(node, shown) {
  if (node.hidden === shown) {
    node.hidden = !shown;
  }
}

/** A list of texts, one item each. */
export function items(list, texts) {
  const joined = texts.join('\n');
  if (list.dataset.shown !== joined) {
    list.dataset.shown = joined;
    list.replaceChildren(...texts.map((each) => element('li', {}, each)));
  }
  show(list, texts.length > 0);
}

/** A bar that is so full, 0 to 1. */
export function bar(className = '') {
  const fill = element('i');
  const outer = element('span', { class: `bar ${className}`, 'aria-hidden': 'true' }, fill);
  let last = -1;
  return {
    outer,
    fill(part) {
      const bounded = Math.round(Math.max(0, Math.min(1, part)) * 1000) / 1000;
      if (bounded !== last) {
        last = bounded;
        fill.style.setProperty('--part', String(bounded));
      }
    },
  };
}

/** Keeps one object for each key: makes what is new, forgets what is gone. */
export function keep(map, keys, make, forget) {
  for (const key of keys) {
    if (!map.has(key)) {
      map.set(key, make(key));
    }
  }
  if (map.size > keys.length) {
    const wanted = new Set(keys);
    for (const [key, value] of map) {
      if (!wanted.has(key)) {
        forget(value);
        map.delete(key);
      }
    }
  }
}

/** Brings children into this order, moving as few as possible. */
export function order(parent, nodes) {
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) {
      parent.insertBefore(node, parent.children[index] ?? null);
    }
  });
}
