// The KPI dictionary: filtered by words, pinyin, role and perspective; what is chosen stands in the address. The list is
// whole without this script.
(function () {
  "use strict"

  var box = document.querySelector(".kpi-dictionary")
  if (!box) return
  var said = box.dataset
  var terms = Array.from(box.querySelectorAll(".kpi-term")).map(function (node) {
    return {
      node: node,
      text: plain(node.textContent + " " + node.dataset.sound),
      perspective: node.dataset.perspective,
      roles: node.dataset.roles,
    }
  })
  var parts = Array.from(box.querySelectorAll(".kpi-letter"))
  var links = Array.from(box.querySelectorAll(".kpi-letters a"))

  function plain(text) {
    return text.normalize("NFKC").toLowerCase()
  }

  // A text that counts: `{shown}` is the number, `{shown:one|several}` the word that the number asks for.
  function counted(text, number) {
    return text.replace(/\{\w+:([^{}|]*)\|([^{}|]*)\}/g, number === 1 ? "$1" : "$2").replace("{shown}", number)
  }

  function made(name, className, text) {
    var node = document.createElement(name)
    if (className) node.className = className
    if (text) node.textContent = text
    return node
  }

  var form = made("form", "kpi-filter")
  form.setAttribute("role", "search")
  form.setAttribute("aria-label", document.querySelector("article h1").firstChild.textContent.trim())
  var words = made("input")
  words.type = "search"
  words.placeholder = said.text
  words.autocomplete = "off"
  words.setAttribute("aria-label", said.text)
  form.appendChild(words)

  var role = made("select")
  role.setAttribute("aria-label", said.role)
  role.appendChild(new Option(said.role, ""))
  said.roles.split("|").filter(Boolean).forEach(function (name) { role.appendChild(new Option(name, name)) })
  form.appendChild(role)

  var pick = made("div", "kpi-pick")
  pick.setAttribute("role", "group")
  var perspective = ""
  var buttons = [""].concat(said.perspectives.split("|").filter(Boolean)).map(function (name) {
    var button = made("button", "", name || said.all)
    button.type = "button"
    button.value = name
    button.addEventListener("click", function () {
      perspective = name
      changed()
    })
    pick.appendChild(button)
    return button
  })
  form.appendChild(pick)

  var count = made("output")
  count.setAttribute("role", "status")
  form.appendChild(count)
  box.parentNode.insertBefore(form, box)

  function fits(term) {
    var wanted = plain(words.value).split(/\s+/).filter(Boolean)
    return (!perspective || term.perspective === perspective) &&
      (!role.value || term.roles.indexOf("|" + role.value + "|") >= 0) &&
      wanted.every(function (word) { return term.text.indexOf(word) >= 0 })
  }

  function show() {
    var shown = 0
    terms.forEach(function (term) {
      term.node.hidden = !fits(term)
      shown += term.node.hidden ? 0 : 1
    })
    parts.forEach(function (part, index) {
      part.hidden = !part.querySelector(".kpi-term:not([hidden])")
      if (links[index]) links[index].hidden = part.hidden
    })
    buttons.forEach(function (button) { button.setAttribute("aria-pressed", String(button.value === perspective)) })
    count.textContent = shown ? counted(said.count, shown) : said.none
  }

  function state() {
    var chosen = new URLSearchParams()
    if (words.value.trim()) chosen.set("words", words.value.trim())
    if (role.value) chosen.set("role", role.value)
    if (perspective) chosen.set("perspective", perspective)
    return chosen.toString()
  }

  function changed() {
    show()
    var text = state()
    history.replaceState(null, "", text ? "#?" + text : location.pathname + location.search)
  }

  function recall() {
    var target = document.getElementById(location.hash.slice(1))
    var chosen = new URLSearchParams(location.hash.slice(0, 2) === "#?" ? location.hash.slice(2) : "")
    words.value = chosen.get("words") || ""
    role.value = chosen.get("role") || ""
    if (role.selectedIndex < 0) role.value = ""
    perspective = chosen.get("perspective") || ""
    if (!buttons.some(function (button) { return button.value === perspective })) perspective = ""
    show()
    if (target) target.scrollIntoView()
  }

  form.addEventListener("input", changed)
  form.addEventListener("submit", function (event) { event.preventDefault() })
  window.addEventListener("hashchange", recall)
  recall()
})()
