// What a form asks for, and what is answered.

// The folder of this page, so that it works under any prefix.
const root = new URL('.', location.href);

// The most characters that are shown of an answer.
const SHOWN = 262144;

function ownHeaders() {
  const rows = [...document.querySelectorAll('.header')];
  const pairs = rows.map((row) => [...row.querySelectorAll('input')].map((input) => input.value.trim()));
  return pairs.filter(([name]) => name !== '');
}

// What the form of an operation asks for.
function requestOf(operation, form) {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = ownHeaders();
  for (const input of form.querySelectorAll('input[data-in]')) {
    const { name, value } = input;
    if (input.dataset.in === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value === '') continue;
    else if (input.dataset.in === 'query') query.append(name, value);
    else headers.push([name, value]);
  }
  const body = form.querySelector('textarea')?.value;
  if (body !== undefined) headers.push(['Content-Type', 'application/json']);
  const search = query.size > 0 ? `?${query}` : '';
  const url = new URL(path.slice(1) + search, root);
  return { method: operation.method.toUpperCase(), url, headers, body };
}

function curl({ method, url, headers, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = [`curl -X ${method} ${quoted(url.href)}`];
  parts.push(...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`));
  if (body !== undefined) parts.push(`-d ${quoted(body)}`);
  return parts.join(' \\\n  ');
}

async function send(request, place, signal) {
  const status = element('p', { class: 'status' }, 'waiting…');
  const body = element('pre', {});
  place.replaceChildren(element('h3', {}, 'Request'), element('pre', {}, curl(request)), element('h3', {}, 'Answer'), status, body);
  const { url, method, headers, body: sent } = request;
  const begun = performance.now();
  try {
    const answer = await fetch(url, { method, headers, body: sent, signal });
    const elapsed = Math.round(performance.now() - begun);
    status.textContent = `${answer.status} ${answer.statusText} (${elapsed} ms)`;
    status.classList.add(answer.ok ? 'success' : 'failure');
    const lines = [...answer.headers].map(([name, value]) => `${name}: ${value}\n`);
    body.before(element('details', {}, element('summary', {}, 'headers'), element('pre', {}, ...lines)));
    await show(answer, body);
  } catch (error) {
    if (error.name === 'AbortError') body.after(element('p', {}, 'stopped'));
    else status.replaceChildren(`no answer: ${error.message}`);
  }
}

// The body as it comes, for some never end.
async function show(answer, place) {
  const isJson = answer.headers.get('content-type')?.includes('json');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; reader; place.textContent = text) {
    const { done, value } = await reader.read();
    if (done) {
      place.textContent = isJson ? indented(text) : text;
      break;
    }
    text += value;
    if (text.length > SHOWN) {
      place.textContent = `${text.slice(0, SHOWN)}\n… more is not shown`;
      await reader.cancel();
      break;
    }
  }
  if (place.textContent === '') place.textContent = '(no body)';
}

// JSON text with a line for each member. It is not parsed: a number of 64 bits would be rounded.
function indented(json) {
  let depth = 0;
  const line = (change) => `\n${'  '.repeat(Math.max(0, (depth += change)))}`;
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  const texts = tokens.map((token) => {
    if (token === '{' || token === '[') return token + line(1);
    if (token === '}' || token === ']') return line(-1) + token;
    if (token === ',') return token + line(0);
    return token === ':' ? ': ' : token;
  });
  return texts.join('');
}
