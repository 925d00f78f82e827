// A new role may begin like one of the library: the form opens filled with it, and the indicators and measures that it
// needs and the repository lacks are saved with it, as files of the same change.
(function () {
  "use strict";

  const KPIBOOK = window.KPIBOOK;
  const { folder, roles, none, supplier, open_owner: openOwner } = KPIBOOK.library;
  const NEW = "#/collections/roles/new";
  const BACKENDS = ["azure", "bitbucket", "forgejo", "git-gateway", "gitea", "github", "gitlab", "proxy"];

  const asked = new URLSearchParams(location.search).get("like");
  let template = null;
  let suppliedBy = "";
  let isSaved = false;

  const open = (id) => location.assign(`${location.pathname}${id ? `?like=${id}` : ""}${NEW}`);

  // Decap fills a new entry by the defaults of its fields; those of an object stand at its own fields.
  function fill(fields, values) {
    for (const field of fields) {
      const value = values[field.name];
      if (value === undefined) continue;
      if (field.widget === "object") fill(field.fields, value);
      else field.default = value;
    }
  }

  // Before the form begins: what was chosen is read and filled in.
  KPIBOOK.begun = async (shown) => {
    if (!roles.some((each) => each.id === asked)) return;
    const answer = await fetch(`library/${asked}.json`);
    if (!answer.ok) return;
    template = await answer.json();
    for (const entry of template.entries) KPIBOOK.names[entry.id] = KPIBOOK.names[entry.id] ?? entry.name;
    const { fields } = KPIBOOK.config.collections.find((each) => each.name === "roles");
    if (template.asks) fields.splice(2, 0, supplier);
    const { id, ...values } = template.values;
    fill(fields, { id: id, ...shown(values, KPIBOOK.schemas.role) });
  };

  const Like = createClass({
    render() {
      const isNew = this.props.entry.get("newRecord");
      const option = (each) => h("option", { key: each.id, value: each.id }, each.label);
      const chosen = {
        id: this.props.forID, className: this.props.classNameWrapper, disabled: !isNew,
        value: template && isNew ? asked : "", onChange: (event) => open(event.target.value)
      };
      const says = template && isNew ? template.says : [];
      return h("div", {},
        h("select", chosen, [{ id: "", label: none }, ...roles].map(option)),
        says.map((text) => h("p", { key: text, style: { margin: "8px 0", lineHeight: 1.5 } }, text)));
    }
  });
  CMS.registerWidget("kpibook-like", Like);

  const idsIn = (text) => [...text.matchAll(/^([a-z][a-z0-9_]*):/gm)].map((found) => found[1]);

  const INDICATORS = `${folder}/indicators`;
  const MEASURES = `${folder}/measures.yml`;

  // What the repository holds by now, by path; where that cannot be read, nothing is saved.
  async function present(list, entry) {
    const texts = new Map((await list(INDICATORS, "yml", 1)).map(({ file, data }) => [file.path, data]));
    const has = KPIBOOK.config.collections.some((each) => each.name === "measures");
    return has ? texts.set(MEASURES, (await entry(MEASURES)).data) : texts;
  }

  // The files that have to be saved with the role, by path; one that is there is added to at its end.
  function lacking(texts) {
    const known = new Set([...texts.values()].flatMap(idsIn));
    const made = new Map();
    for (const { file, head, text } of template.entries.filter((each) => !known.has(each.id))) {
      const path = `${folder}/${file}`;
      const before = made.get(path) ?? texts.get(path) ?? head;
      const gap = before.endsWith("\n") || !before ? "" : "\n";
      made.set(path, before + gap + text.replace(openOwner, `owner: ${suppliedBy}`));
    }
    return made;
  }

  // Of a change with several files the form shows the one that it is named after.
  function ownFile({ collection, slug }, diffs) {
    const { folder, files } = KPIBOOK.config.collections.find((each) => each.name === collection) || {};
    const path = folder ? `${folder}/${slug}.yml` : files && files[0].file;
    return diffs.some((each) => each.path === path)
      ? diffs.filter((each) => each.path === path || !each.path.endsWith(".yml"))
      : diffs;
  }

  // Indicators that were saved with a role and are not merged yet, by the role: texts by path.
  const pending = new Map();
  const roleShown = () => (/^#\/collections\/roles\/entries\/(.+)$/.exec(location.hash) || [])[1];
  const isRole = () => location.hash.startsWith("#/collections/roles/");

  async function keepPending(implementation, { collection, slug, diffs }) {
    if (collection !== "roles" || slug !== roleShown()) return;
    const texts = new Map();
    for (const { path, id } of diffs.filter((each) => each.path.startsWith(`${INDICATORS}/`))) {
      const text = await implementation.unpublishedEntryDataFile(collection, slug, path, id);
      texts.set(path, text);
      for (const [key, { name }] of Object.entries(KPIBOOK.format.plain(text) || {})) {
        KPIBOOK.names[key] = KPIBOOK.names[key] ?? (name[KPIBOOK.languages[0]] || name);
      }
    }
    pending.set(slug, texts);
  }

  // While a role is edited, its indicators can be chosen by name before they are merged.
  const withPending = (found, texts) => {
    for (const [path, data] of texts) {
      const known = found.findIndex((each) => each.file.path === path);
      const file = { file: { path: path, id: path }, data: data };
      if (known < 0) found.push(file);
      else found[known] = { ...found[known], data: data };
    }
    return found;
  };

  function carrying(implementation) {
    const bound = (name) => implementation[name] && implementation[name].bind(implementation);
    const [persist, entry, unpublished] = ["persistEntry", "getEntry", "unpublishedEntry"].map(bound);
    const list = bound("allEntriesByFolder") || bound("entriesByFolder");
    implementation.persistEntry = async (saved, options) => {
      const isTaken = Boolean(template && options.newEntry && options.collectionName === "roles");
      const { slug } = saved.dataFiles[0];
      const more = isTaken ? lacking(await present(list, entry)) : new Map();
      const files = [...more].map(([path, raw]) => ({ path: path, slug: slug, raw: raw }));
      await persist({ ...saved, dataFiles: [...saved.dataFiles, ...files] }, options);
      isSaved = isSaved || isTaken;
    };
    for (const name of ["allEntriesByFolder", "entriesByFolder"].filter(bound)) {
      const listed = bound(name);
      implementation[name] = async (where, ...rest) => {
        const found = await listed(where, ...rest);
        if (where !== INDICATORS || !isRole()) return found;
        const texts = template ? lacking(await present(list, entry)) : pending.get(roleShown()) || new Map();
        texts.delete(MEASURES);
        return withPending(found, texts);
      };
    }
    if (unpublished) {
      implementation.unpublishedEntry = async (which) => {
        const found = await unpublished(which);
        await keepPending(implementation, found);
        return { ...found, diffs: ownFile(found, found.diffs) };
      };
    }
    return implementation;
  }
  // A file that the handbook lacked when this page was made opens empty, and is made by what is saved first.
  const isGone = (error) => error.status === 404 || error.name === "NotFound" || /not found/i.test(String(error.message));
  const mayLack = (path) => KPIBOOK.absent.includes(path);
  function beginning(implementation) {
    const [entry, files] = ["getEntry", "entriesByFiles"].map((name) => implementation[name].bind(implementation));
    const empty = (file) => ({ file: { ...file, id: null }, data: "" });
    implementation.getEntry = async (path) => {
      const found = await entry(path).catch((error) => {
        if (mayLack(path) && isGone(error)) return empty({ path: path });
        throw error;
      });
      return mayLack(path) && found.data === null ? { ...found, data: "" } : found;
    };
    implementation.entriesByFiles = async (asked) => {
      const found = await files(asked);
      const lacks = ({ path }) => mayLack(path) && !found.some((each) => each.file.path === path);
      return [...found, ...asked.filter(lacks).map(empty)];
    };
    return implementation;
  }

  for (const backend of BACKENDS.map((name) => CMS.getBackend(name)).filter(Boolean)) {
    const { init } = backend;
    backend.init = (...settings) => carrying(beginning(init(...settings)));
  }

  CMS.registerEventListener({
    name: "preSave",
    handler: ({ entry }) => { suppliedBy = entry.getIn(["data", supplier.name]) || ""; }
  });
  // What is saved is a role like any other, and the one after it begins empty again.
  window.addEventListener("hashchange", () => {
    if (isSaved) location.replace(`${location.pathname}${location.hash}`);
  });
})();
