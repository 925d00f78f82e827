// The KPI dictionary: sorted by its headings, filtered by lists and words; what is chosen stands in the address.
(function () {
  "use strict"

  var box = document.querySelector(".kpi-dictionary")
  var table = box && box.querySelector("table")
  if (!table || !table.tBodies[0]) return
  var said = box.dataset
  var body = table.tBodies[0]
  var headings = Array.from(table.tHead.rows[0].cells)
  var collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true })
  var NAME = 0
  var LISTS = { perspective: 1, owner: 2, direction: 3 }

  function split(text) {
    return text.split(said.comma.trim()).map(function (part) { return part.trim() }).filter(Boolean)
  }

  function plain(text) {
    return text.normalize("NFKC").toLowerCase()
  }

  var rows = Array.from(body.rows).map(function (row, order) {
    var mark = row.querySelector("[data-departments]")
    var texts = Array.from(row.cells).map(function (cell) { return cell.textContent.trim() })
    var link = row.cells[NAME].querySelector("a")
    texts[NAME] = link ? link.textContent : texts[NAME]
    return {
      row: row,
      order: order,
      texts: texts,
      whole: plain(row.textContent),
      perspective: [texts[LISTS.perspective]],
      owner: split(texts[LISTS.owner]),
      direction: [texts[LISTS.direction]],
      department: mark ? split(mark.dataset.departments) : [],
    }
  })
  var names = ["department", "perspective", "direction", "owner"]
  var fields = {}
  var sorted = { column: -1, isDown: false }

  function made(name, className, text) {
    var node = document.createElement(name)
    if (className) node.className = className
    if (text) node.textContent = text
    return node
  }

  function field(name, text, control) {
    var wrap = made("div", "kpi-filter__field")
    var label = made("label", "", text)
    control.id = "kpi-filter-" + name
    label.htmlFor = control.id
    wrap.appendChild(label)
    wrap.appendChild(control)
    fields[name] = control
    return wrap
  }

  function list(name, label) {
    var select = made("select")
    select.appendChild(new Option(said.all, ""))
    var values = new Set()
    rows.forEach(function (each) { each[name].forEach(function (value) { values.add(value) }) })
    Array.from(values).sort(collator.compare).forEach(function (value) { select.appendChild(new Option(value, value)) })
    return field(name, label, select)
  }

  var form = made("form", "kpi-filter")
  form.setAttribute("role", "search")
  form.setAttribute("aria-label", document.querySelector("article h1").firstChild.textContent.trim())
  var words = made("input")
  words.type = "search"
  words.placeholder = said.text
  words.autocomplete = "off"
  form.appendChild(field("words", headings[NAME].textContent, words))
  names.forEach(function (name) {
    form.appendChild(list(name, name === "department" ? said.department : headings[LISTS[name]].textContent))
  })
  var foot = made("div", "kpi-filter__foot")
  var count = made("output")
  count.setAttribute("role", "status")
  var clear = made("button", "", said.clear)
  clear.type = "reset"
  foot.appendChild(count)
  foot.appendChild(clear)
  form.appendChild(foot)
  box.parentNode.insertBefore(form, box)
  var nothing = made("p", "kpi-filter__none", said.none)
  nothing.hidden = true
  box.parentNode.insertBefore(nothing, box.nextSibling)

  var buttons = headings.map(function (heading, column) {
    var button = made("button", "kpi-sort", heading.textContent)
    button.type = "button"
    heading.textContent = ""
    heading.appendChild(button)
    button.addEventListener("click", function () {
      var isAgain = sorted.column === column
      sorted = isAgain && sorted.isDown ? { column: -1, isDown: false } : { column: column, isDown: isAgain }
      show()
      remember()
    })
    return button
  })

  function fits(each) {
    var wanted = plain(words.value).split(/\s+/).filter(Boolean)
    return names.every(function (name) {
      return !fields[name].value || each[name].indexOf(fields[name].value) >= 0
    }) && wanted.every(function (word) { return each.whole.indexOf(word) >= 0 })
  }

  function show() {
    var shown = 0
    rows.slice().sort(function (one, other) {
      var column = sorted.column
      var result = column < 0 ? 0 : collator.compare(one.texts[column], other.texts[column])
      return (sorted.isDown ? -result : result) || one.order - other.order
    }).forEach(function (each) {
      each.row.hidden = !fits(each)
      shown += each.row.hidden ? 0 : 1
      body.appendChild(each.row)
    })
    headings.forEach(function (heading, column) {
      if (column === sorted.column) heading.setAttribute("aria-sort", sorted.isDown ? "descending" : "ascending")
      else heading.removeAttribute("aria-sort")
    })
    count.textContent = said.count.replace("{shown}", shown).replace("{all}", rows.length)
    clear.hidden = !state().toString()
    nothing.hidden = shown > 0
    box.hidden = shown === 0
  }

  function state() {
    var chosen = new URLSearchParams()
    if (words.value.trim()) chosen.set("words", words.value.trim())
    names.forEach(function (name) { if (fields[name].value) chosen.set(name, fields[name].value) })
    if (sorted.column >= 0) chosen.set("sort", (sorted.isDown ? "-" : "") + sorted.column)
    return chosen
  }

  function remember() {
    var text = state().toString()
    history.replaceState(null, "", text ? "#?" + text : location.pathname + location.search)
  }

  function recall() {
    var chosen = new URLSearchParams(location.hash.slice(0, 2) === "#?" ? location.hash.slice(2) : "")
    words.value = chosen.get("words") || ""
    names.forEach(function (name) {
      fields[name].value = chosen.get(name) || ""
      if (fields[name].selectedIndex < 0) fields[name].value = ""
    })
    var found = /^(-?)(\d+)$/.exec(chosen.get("sort") || "")
    var column = found && Number(found[2]) < buttons.length ? Number(found[2]) : -1
    sorted = { column: column, isDown: column >= 0 && found[1] === "-" }
    show()
  }

  function changed() {
    show()
    remember()
  }

  form.addEventListener("input", changed)
  form.addEventListener("submit", function (event) { event.preventDefault() })
  form.addEventListener("reset", function () {
    sorted = { column: -1, isDown: false }
    setTimeout(function () {
      changed()
      words.focus()
    })
  })
  window.addEventListener("hashchange", recall)
  recall()
})()
