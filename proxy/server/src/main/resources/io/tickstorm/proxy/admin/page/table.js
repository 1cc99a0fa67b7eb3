// Tables that stay tables for a screen reader when a narrow screen shows them as cards.
import { element } from './dom.js';

/**
 * @param columns each with a name; sort = its key if one may sort by it, number, hidden = for screen readers only
 * @param onSort called with the key of a column
 */
export function table(caption, columns, onSort = null) {
  const heads = columns.map((column) => {
    const head = element('th', {
      role: 'columnheader',
      scope: 'col',
      class: column.number ? 'number' : '',
    });
    if (column.sort && onSort) {
      const button = element('button', { type: 'button', class: 'sort' }, column.name);
      button.addEventListener('click', () => onSort(column.sort));
      head.append(button);
    } else {
      head.append(element('span', column.hidden ? { class: 'unseen' } : {}, column.name));
    }
    return head;
  });
  const body = element('tbody', { role: 'rowgroup' });
  const outer = element(
    'table',
    { role: 'table', 'aria-label': caption },
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads)),
    body,
  );
  return { outer, body, heads };
}

/** Says by which column, and how, it is sorted. */
export function sorted(columns, heads, key, descending) {
  columns.forEach((column, index) => {
    if (column.sort === key) {
      heads[index].setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    } else {
      heads[index].removeAttribute('aria-sort');
    }
  });
}
