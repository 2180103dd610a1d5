// Parts of the page.
//
// All text becomes text of the page, never markup: whatever a description or an answer holds.
'use strict';

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

// A part of the page that is made when it is first opened: there may be thousands of them.
function opening(attributes, summary, fill) {
  const details = element('details', attributes, summary);
  details.show = () => {
    if (fill) details.append(...fill());
    fill = undefined;
    details.open = true;
  };
  details.addEventListener('toggle', () => details.open && details.show());
  return details;
}
