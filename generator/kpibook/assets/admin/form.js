// Lets the form read and write the catalog's YAML: every value is a text, and a saved file differs from the one that was
// opened only where somebody changed something; comments, quotes and layout stay.
(function () {
  "use strict";

  const SOURCE = "_source";
  const READING = { schema: "failsafe", strict: false, uniqueKeys: false };
  const WRITING = { lineWidth: 0, flowCollectionPadding: false, indentSeq: true };

  const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isEmpty = (value) =>
    value === undefined || value === null || value === "" ||
    (Array.isArray(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0);

  const rules = (schema) => (schema.anyOf || []).filter((each) => each.properties && each.properties.rule);
  // A number, or a mapping of some: one line holds both, as "month: 40000, quarter: 130000".
  const isEither = (schema) => Boolean(termsOf(schema)) && !isWords(schema);
  const termsOf = (schema) => (schema.anyOf || []).find((each) => each.properties && !each.properties.rule);
  // A text, or a mapping that has it as its first part: the form has the parts, the file no more than it needs.
  const isWords = (schema) => Boolean(termsOf(schema)) && schema.anyOf.some((each) => each.text);
  const wordsIn = (schema) => Object.keys(termsOf(schema).properties)[0];
  const ruleOf = (schema, name) => rules(schema).find((each) => each.properties.rule.const === name) || {};
  const listOf = (schema) =>
    schema.items ? schema : (schema.anyOf || []).find((each) => each.items);
  const entriesOf = (schema) => {
    const table = [schema, ...(schema.anyOf || [])].find(
      (each) => isMap(each.additionalProperties) && !each.properties
    );
    return table && table.additionalProperties;
  };

  // A text in two languages, as {zh: 店长, en: Store manager}, is two fields: that of the company's own has the key's name.
  const KPIBOOK = window.KPIBOOK;
  const [OWN, OTHER] = KPIBOOK.languages;
  const beside = (key) => `${key}@${OTHER}`;
  const isSpoken = (value) => isMap(value) && same(Object.keys(value).sort(), ["en", "zh"]);
  function shownText(key, value) {
    return isSpoken(value) ? [[key, value[OWN]], [beside(key), value[OTHER]]] : [[key, value]];
  }
  // Where one of them was left empty, the other stands for both.
  function toldText(key, value) {
    const [own, other] = [value[key], value[beside(key)]];
    if (isEmpty(own) || isEmpty(other)) return isEmpty(own) ? told(other, {}) : told(own, {});
    const both = { [OWN]: String(own), [OTHER]: String(other) };
    return { zh: both.zh, en: both.en };
  }

  // From what the file says to what the form shows: a rule is a list of one, a mapping by ids a list with ids.
  function shown(value, schema) {
    if (value === undefined || value === null || value === "") return undefined;
    if (isEither(schema) && isMap(value)) {
      return Object.entries(value).map(([key, part]) => `${key}: ${part}`).join(", ");
    }
    if (isWords(schema)) return shown(isMap(value) && !isSpoken(value) ? value : { [wordsIn(schema)]: value }, termsOf(schema));
    if (rules(schema).length) return isMap(value) ? [shown(value, ruleOf(schema, value.rule))] : undefined;
    const entry = entriesOf(schema);
    const list = listOf(schema);
    if (entry && list && isMap(value)) {
      const [first, second] = Object.keys(list.items.properties);
      return Object.entries(value).map(([key, part]) => ({ [first]: key, [second]: part }));
    }
    if (entry && isMap(value)) {
      return Object.entries(value).map(([key, part]) =>
        entry.properties
          ? { id: key, ...shown(part || {}, entry) }
          : { key: key, ...Object.fromEntries(shownText("value", part)) });
    }
    if (list && list.items.spoken) return [].concat(value).map((part) => Object.fromEntries(shownText("text", part)));
    if (list) return [].concat(value).map((part) => shown(part, list.items));
    if (!schema.properties) return value;
    const parts = Object.entries(value).flatMap(([key, part]) => {
      const own = schema.properties[key] || {};
      return own.spoken ? shownText(key, part) : [[key, shown(part, own)]];
    });
    return Object.fromEntries(parts.filter(([, part]) => !isEmpty(part)));
  }

  // And back again; what was left empty is not written.
  function told(value, schema) {
    if (isEmpty(value)) return undefined;
    if (isEither(schema) && String(value).includes(":")) {
      const pairs = String(value).split(",").map((part) => part.split(":").map((text) => text.trim()));
      return Object.fromEntries(pairs.filter(([key, part]) => key && part));
    }
    if (isWords(schema)) {
      const parts = told(value, termsOf(schema)) || {};
      if (same(Object.keys(parts), [wordsIn(schema)])) return parts[wordsIn(schema)];
      return isEmpty(parts) ? undefined : parts;
    }
    if (rules(schema).length) return told(value[0], ruleOf(schema, value[0].rule));
    const entry = entriesOf(schema);
    const list = listOf(schema);
    if (entry && !list) {
      const rows = value.map((row) => {
        const { id, key, value: part, ...rest } = row;
        if (entry.properties) return [id, told(rest, entry) || {}];
        return [key, entry.spoken ? toldText("value", row) : part];
      });
      return Object.fromEntries(rows.filter(([key]) => key));
    }
    if (list) {
      const one = (part) => list.items.spoken ? toldText("text", part) : told(part, list.items);
      const parts = value.map(one).filter((part) => part !== undefined);
      return parts.length ? parts : undefined;
    }
    if (!schema.properties) return String(value);
    // In the order of the form: Decap keeps none.
    const keys = Object.keys(schema.properties).filter((key) => key in value || beside(key) in value);
    const parts = keys.map((key) => {
      const own = schema.properties[key];
      return [key, own.spoken ? toldText(key, value) : told(value[key], own)];
    });
    const kept = parts.filter(([, part]) => part !== undefined);
    return kept.length ? Object.fromEntries(kept) : undefined;
  }

  const plain = (text) => {
    const value = YAML.parseDocument(text, READING).toJS();
    return value === null || value === "" ? undefined : value;
  };

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // The changes that lead from one value to another, each as a path and what stands there then.
  function changes(before, after, path) {
    if (same(before, after)) return [];
    if (isMap(before) && isMap(after)) {
      const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
      return keys.flatMap((key) => changes(before[key], after[key], [...path, key]));
    }
    if (Array.isArray(before) && Array.isArray(after)) return rows(before, after, path);
    return [{ path: path, value: after }];
  }

  // Rows that stay are left alone, so that one row more or less is one change and not as many as there are rows.
  function rows(before, after, path) {
    let head = 0;
    while (head < Math.min(before.length, after.length) && same(before[head], after[head])) head += 1;
    let tail = 0;
    const rest = Math.min(before.length, after.length) - head;
    while (tail < rest && same(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
    const gone = before.length - head - tail;
    const come = after.length - head - tail;
    const kept = Math.min(gone, come);
    const inner = [...Array(kept).keys()].flatMap((i) => changes(before[head + i], after[head + i], [...path, head + i]));
    const less = [...Array(gone - kept).keys()].map((i) => ({ path: [...path, head + gone - 1 - i], value: undefined }));
    const more = [...Array(come - kept).keys()].map((i) => ({
      path: [...path, head + kept + i], value: after[head + kept + i], isRow: true
    }));
    return [...inner, ...less, ...more];
  }

  const quoted = (text, type) => {
    const scalar = new YAML.Scalar(text);
    scalar.type = text.includes("\n") ? "BLOCK_LITERAL" : type;
    return scalar;
  };

  // A changed word is replaced where it stands; only what adds or removes something is laid out anew.
  function changed(text, before, after) {
    const found = changes(before, after, []);
    if (!found.length) return text;
    const document = YAML.parseDocument(text, READING);
    const spots = found.map((change) => spotOf(document, change, after));
    const isWord = (spot) =>
      typeof spot.value === "string" && !spot.isRow && YAML.isScalar(spot.node) && spot.node.source !== "" &&
      !String(spot.node.type).startsWith("BLOCK") && !spot.value.includes("\n");
    if (spots.every(isWord)) return replaced(text, spots);
    for (const spot of spots) laidOut(document, spot);
    return document.toString(WRITING);
  }

  // Where a change meets the file; a text that is a list in the form, and a table that is one, are replaced as a whole.
  function spotOf(document, change, after) {
    let node = document.contents;
    let value = after;
    for (const [depth, key] of change.path.entries()) {
      if (!(typeof key === "number" ? YAML.isSeq(node) : YAML.isMap(node))) {
        return { path: change.path.slice(0, depth), value: value, node: node };
      }
      node = node.get(key, true);
      value = value[key];
      if (value === undefined) break;
    }
    return { ...change, node: node };
  }

  function replaced(text, spots) {
    const last = [...spots].sort((one, other) => other.node.range[0] - one.node.range[0]);
    return last.reduce((whole, spot) => {
      const written = wordIn(spot.value, spot.node.type);
      return whole.slice(0, spot.node.range[0]) + written + whole.slice(spot.node.range[1]);
    }, text);
  }

  // Within brackets, so that a comma or a brace in a text gets its quotes.
  function wordIn(value, type) {
    const list = new YAML.Document([value], { schema: "failsafe" });
    list.contents.flow = true;
    list.contents.items = [quoted(value, type)];
    return list.toString(WRITING).trim().slice(1, -1);
  }

  // The two languages of a text stand side by side.
  function onOneLine(node) {
    if (YAML.isMap(node)) node.flow = node.flow || isSpoken(node.toJSON());
    for (const item of (node && node.items) || []) onOneLine(YAML.isMap(node) ? item.value : item);
  }

  function laidOut(document, spot) {
    if (spot.value === undefined) {
      document.deleteIn(spot.path);
      return;
    }
    const node = document.createNode(spot.value);
    onOneLine(node);
    if (spot.node && spot.node.comment) node.comment = spot.node.comment;
    if (!spot.path.length) {
      document.contents = node;
      return;
    }
    const above = document.getIn(spot.path.slice(0, -1), true);
    const sibling = above && above.items && above.items.length ? above.items[above.items.length - 1] : undefined;
    const model = sibling && (sibling.value === undefined ? sibling : sibling.value);
    if (YAML.isMap(node) && YAML.isMap(model)) node.flow = model.flow;
    if (spot.isRow) above.items.splice(spot.path[spot.path.length - 1], 0, node);
    else document.setIn(spot.path, node);
  }

  // A form with many ids asks for the same files again and again.
  const seen = new Map();
  const reading = (text, schema) => {
    if (!seen.has(text)) seen.set(text, JSON.stringify(shown(plain(text), schema) ?? null));
    return JSON.parse(seen.get(text)) ?? undefined;
  };

  for (const [kind, schema] of Object.entries(KPIBOOK.schemas)) {
    // What is a list or a mapping by ids as a whole file stands under one key in the form.
    const isWhole = Boolean(listOf(schema) || entriesOf(schema));
    CMS.registerCustomFormat(`kpibook-${kind}`, "yml", {
      fromFile: (text) => {
        const value = reading(text, schema);
        return { ...(isWhole ? { entries: value || [] } : value), [SOURCE]: text };
      },
      toFile: (data) => {
        const { [SOURCE]: source, ...form } = data;
        const after = told(isWhole ? form.entries : form, schema);
        if (source) return changed(source, told(shown(plain(source), schema), schema), after);
        const head = `# yaml-language-server: $schema=${KPIBOOK.mentions[kind]}\n`;
        const document = new YAML.Document(after, { schema: "failsafe" });
        onOneLine(document.contents);
        return head + document.toString(WRITING);
      },
    });
  }
  // Decap falls back to English for what its translations lack.
  const phrases = CMS.getLocale(KPIBOOK.config.locale);
  for (const [path, text] of Object.entries(KPIBOOK.phrases)) {
    const keys = path.split(".");
    const last = keys.pop();
    const place = keys.reduce((at, key) => (at[key] = at[key] ?? {}), phrases);
    place[last] = place[last] ?? text;
  }
  // A folded row of a list shows the id that it holds: people know the name.
  const ROW = /^([a-z][a-z0-9_]*)(?: · .*)?$/;
  function named(text) {
    const found = ROW.exec(text.data);
    if (found && Object.prototype.hasOwnProperty.call(KPIBOOK.names, found[1])) text.data = `${KPIBOOK.names[found[1]]} ${text.data}`;
  }
  function texts(node) {
    return node.nodeType === Node.TEXT_NODE ? [node] : [...node.childNodes].flatMap(texts);
  }
  const observer = new MutationObserver((records) => {
    for (const { target, type, addedNodes } of records) {
      (type === "characterData" ? [target] : [...addedNodes]).flatMap(texts).forEach(named);
    }
  });
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
  KPIBOOK.format = { shown: shown, told: told, changed: changed, plain: plain };
  KPIBOOK.begun(shown).then(() => CMS.init({ config: KPIBOOK.config }));
})();
