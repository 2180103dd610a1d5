// The page: the operations of the document in groups, each with a form.

// So many groups stand open.
const FEW = 8;

let groups = [];

function groupsOf(document) {
  const byTag = new Map((document.tags ?? []).map((tag) => [tag.name, { ...tag, operations: [] }]));
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const name = operation.tags?.[0] ?? 'other';
      if (!byTag.has(name)) byTag.set(name, { name, operations: [] });
      byTag.get(name).operations.push({ path, method, ...operation });
    }
  }
  return [...byTag.values()].filter((group) => group.operations.length > 0);
}

function parameterRow(given) {
  const parameter = resolved(given);
  const { name, required } = parameter;
  const hint = [typeText(parameter.schema), parameter.description].filter(Boolean).join('. ');
  const input = element('input', {
    name, 'data-in': parameter.in, required, class: 'value', autocomplete: 'off', placeholder: parameter.schema?.default,
  });
  const label = element('span', {}, element('code', {}, name), required ? ' *' : '', ` ${parameter.in}`);
  return element('label', { class: 'parameter' }, label, input, element('small', {}, hint));
}

// Parameters that must be given stand open, and all of them where they are few.
function parameterRows(parameters) {
  const isFew = parameters.length <= 4;
  const shown = parameters.filter((parameter) => isFew || resolved(parameter).required);
  const more = parameters.filter((parameter) => !shown.includes(parameter));
  const rows = shown.map(parameterRow);
  if (more.length > 0) {
    const summary = element('summary', {}, `${more.length} parameters that may be given`);
    rows.push(element('details', {}, summary, ...more.map(parameterRow)));
  }
  return rows.length > 0 ? [element('h3', {}, 'Parameters'), ...rows] : [];
}

function bodyRows(operation) {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  if (!schema) return [];
  const text = JSON.stringify(example(schema), null, 2);
  const summary = element('summary', {}, 'what it may hold');
  return [
    element('h3', {}, 'Body'),
    element('textarea', { spellcheck: 'false', 'aria-label': 'body' }, text),
    element('details', {}, summary, element('pre', {}, typeText(schema))),
  ];
}

function responseRow([status, given]) {
  const response = resolved(given);
  const [kind, content] = Object.entries(response.content ?? {})[0] ?? [];
  const title = [status, response.description, kind && `(${kind})`].filter(Boolean).join(' ');
  if (!content?.schema) return element('p', {}, title);
  return element('details', {}, element('summary', {}, title), element('pre', {}, typeText(content.schema)));
}

function operationForm(operation) {
  const answer = element('div', { 'aria-live': 'polite' });
  const button = element('button', { class: 'send' }, 'Send');
  let running;
  const submit = async (event) => {
    event.preventDefault();
    if (running) return running.abort();
    running = new AbortController();
    button.textContent = 'Stop';
    await send(requestOf(operation, form), answer, running.signal);
    running = undefined;
    button.textContent = 'Send';
  };
  const responses = Object.entries(operation.responses ?? {}).map(responseRow);
  const form = element(
    'form', { submit },
    ...parameterRows(operation.parameters ?? []),
    ...bodyRows(operation),
    button,
    answer,
    element('h3', {}, 'Answers'),
    ...responses,
  );
  return [form];
}

function operationPart(operation) {
  const { method, path, operationId: id } = operation;
  const summary = element('summary', {}, element('b', {}, method.toUpperCase()), element('code', {}, path), element('span', {}, operation.summary ?? ''));
  const part = opening({ id, class: `operation ${method}` }, summary, () => operationForm(operation));
  part.addEventListener('toggle', () => part.open && history.replaceState(null, '', `#${id}`));
  part.operation = operation;
  return part;
}

function groupPart(group) {
  const summary = element('summary', {}, `${group.name} `, element('small', {}, group.description ?? ''));
  const parts = () => group.operations.map(operationPart);
  return opening({ class: 'group' }, summary, parts);
}

function hasWords(operation, words) {
  const { method, path, operationId, summary } = operation;
  const text = `${method} ${path} ${operationId} ${summary}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

// Shows the operations that have all the words, and opens their groups where they are few.
function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const { group, part } of groups) {
    part.hidden = !group.operations.some((operation) => hasWords(operation, words));
  }
  const shown = groups.filter(({ part }) => !part.hidden);
  for (const { part } of shown) {
    if (words.length > 0 && shown.length <= FEW) part.show();
    for (const row of part.querySelectorAll('.operation')) row.hidden = !hasWords(row.operation, words);
  }
}

// Opens the operation that the address names.
function openNamed() {
  const id = decodeURIComponent(location.hash.slice(1));
  const found = groups.find(({ group }) => group.operations.some(({ operationId }) => operationId === id));
  if (!found) return;
  found.part.show();
  const operation = document.getElementById(id);
  operation.show();
  operation.scrollIntoView();
}

function headerRow() {
  const name = element('input', { placeholder: 'X-Api-Key', 'aria-label': 'name of a header', autocomplete: 'off' });
  const value = element('input', { placeholder: 'value', 'aria-label': 'value of the header', autocomplete: 'off', type: 'password' });
  return element('div', { class: 'header' }, name, value);
}

function headersPart() {
  const more = element('button', { type: 'button', click: () => more.before(headerRow()) }, 'One more');
  const about = element('p', {}, 'Keys, tokens and tenants that go with every request of this page. They are forgotten when it is closed.');
  return element('details', { id: 'headers' }, element('summary', {}, 'Headers of every request'), about, headerRow(), more);
}

function tell({ title, version, description }) {
  document.title = title;
  const name = element('h1', {}, `${title} `, element('small', {}, version));
  document.getElementById('title').replaceChildren(name, element('p', {}, description ?? ''));
}

async function load() {
  const main = document.querySelector('main');
  const answer = await fetch(new URL('openapi.json', root), { headers: ownHeaders() });
  if (!answer.ok) {
    document.getElementById('headers').open = true;
    const again = element('button', { click: () => load() }, 'Load again');
    const why = `openapi.json is answered with ${answer.status}: give the headers that it asks for.`;
    return main.replaceChildren(element('p', { class: 'failure' }, why), again);
  }
  api = await answer.json();
  tell(api.info);
  groups = groupsOf(api).map((group) => ({ group, part: groupPart(group) }));
  main.replaceChildren(...groups.map(({ part }) => part));
  if (groups.length <= FEW) groups.forEach(({ part }) => part.show());
  openNamed();
}

function begin() {
  const search = element('input', { type: 'search', placeholder: 'Find operations', 'aria-label': 'find operations', input: () => filter(search.value) });
  const json = element('a', { href: 'openapi.json' }, 'openapi.json');
  document.body.append(element('header', {}, element('div', { id: 'title' }), json, headersPart(), search), element('main', {}, 'loading…'));
  addEventListener('hashchange', openNamed);
  load().catch((error) => document.querySelector('main').replaceChildren(`no answer: ${error.message}`));
}

begin();
