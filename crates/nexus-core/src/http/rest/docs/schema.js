// The schemas of the document: what they look like, and a value that they take.

// The document, once it is here.
let api = {};

// A longer pattern tells people nothing.
const LONGEST = 40;

function resolved(value) {
  let found = value;
  for (let step = 0; found && found.$ref && step < 16; step += 1) {
    const path = found.$ref.slice(2).split('/');
    const names = path.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    found = names.reduce((part, name) => part?.[name], api);
  }
  return found ?? {};
}

function typesOf(schema) {
  return [schema.type ?? (schema.properties ? 'object' : 'any')].flat();
}

// A value that a schema takes: what is required, or else all there is.
function example(given, depth = 0) {
  const schema = resolved(given);
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return example(choices[0], depth);
  switch (typesOf(schema)[0]) {
    case 'object': return exampleObject(schema, depth);
    case 'array': return depth > 4 ? [] : [example(schema.items, depth + 1)];
    case 'string': return exampleText(schema);
    case 'integer':
    case 'number': return schema.minimum ?? 0;
    case 'boolean': return false;
    default: return null;
  }
}

function exampleObject(schema, depth) {
  const all = Object.entries(schema.properties ?? {}).filter(([, property]) => !property.readOnly);
  const required = all.filter(([name]) => schema.required?.includes(name));
  const shown = required.length > 0 ? required : all;
  const members = shown.map(([name, property]) => [name, example(property, depth + 1)]);
  return depth > 4 ? {} : Object.fromEntries(members);
}

function exampleText(schema) {
  const known = {
    date: '2026-01-01',
    'date-time': '2026-01-01T00:00:00Z',
    email: 'ada@example.org',
    time: '09:30:00',
    uri: 'https://example.org',
    uuid: '00000000-0000-4000-8000-000000000000',
  };
  return known[schema.format] ?? 'text';
}

// A schema as people read it. What was shown by its name once is only named after that.
function typeText(given, seen = new Set(), indent = '') {
  const name = given?.$ref?.split('/').pop();
  if (name && seen.has(name)) return name;
  if (name) seen.add(name);
  const schema = resolved(given);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map((choice) => typeText(choice, seen, indent)).join(' or ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  const types = typesOf(schema);
  if (types.includes('array')) return `array of ${typeText(schema.items ?? {}, seen, indent)}`;
  if (!types.includes('object')) return types.join(' or ') + limits(schema);
  return [name, objectText(schema, seen, indent)].filter(Boolean).join(' ');
}

function objectText(schema, seen, indent) {
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const mark = schema.required?.includes(name) ? '' : '?';
    const about = property.description ? `  // ${property.description}` : '';
    return `${inner}${name}${mark}: ${typeText(property, seen, inner)}${about}\n`;
  });
  return lines.length > 0 ? `{\n${lines.join('')}${indent}}` : 'object';
}

function limits(schema) {
  const words = {
    minimum: 'at least ',
    maximum: 'at most ',
    minLength: 'length at least ',
    maxLength: 'length at most ',
    pattern: 'like ',
    default: 'unless given ',
  };
  const isTold = (word) => schema[word] !== undefined && String(schema[word]).length <= LONGEST;
  const told = Object.entries(words).filter(([word]) => isTold(word));
  const texts = told.map(([word, text]) => text + schema[word]);
  const all = [schema.format, ...texts].filter(Boolean);
  return all.length > 0 ? ` (${all.join(', ')})` : '';
}
