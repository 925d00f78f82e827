// What both sites do beyond plain HTML: light and dark, wide tables, days that are left, keys for what can be pressed.
(function () {
  "use strict"

  var SHORT = 10
  var LONG = /[!-\u02ff]{25}/
  var isHandbook = document.querySelector(".kpi-search") !== null
  var root = document.documentElement
  root.classList.replace("no-js", "js")

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector))
  }

  function listen(name, action) {
    window.addEventListener(name, action, { passive: true })
  }

  // One call for each frame at most, however often the page scrolls.
  function calmly(action) {
    var isWaiting = false
    return function () {
      if (isWaiting) return
      isWaiting = true
      requestAnimationFrame(function () {
        isWaiting = false
        action()
      })
    }
  }

  function followPalette() {
    all("input[name=__palette]").forEach(function (input, index) {
      input.addEventListener("change", function () {
        window.kpibookPalette(index, true)
      })
    })
    var media = matchMedia("(prefers-color-scheme: light)")
    media.addEventListener("change", function () {
      window.kpibookPalette()
    })
  }

  // A form is a table in which all cells but the first of a row wait for somebody's pen.
  function isForm(table) {
    var rows = Array.prototype.slice.call(table.tBodies[0] ? table.tBodies[0].rows : [])
    return rows.length > 2 && rows.every(function (row) {
      return Array.prototype.slice.call(row.cells, 1).every(function (cell) { return !cell.textContent.trim() })
    })
  }

  // A wide table reads on a phone as blocks, also one of a page written by hand; a small map stays one.
  function isWide(table) {
    var columns = table.tHead ? table.tHead.rows[0].cells.length : 0
    if (table.closest(".kpi-form, .my-team, .card-plan, .card-plans, .card-contacts")) return false
    return columns > (table.closest(".card-map") ? 6 : table.closest(".card-rows") ? 1 : 3)
  }

  // On a phone a row is a block, and each cell says what it is. Blocks are no table for readers of screens: the roles
  // that the look takes away are given back.
  function label(table) {
    if (!table.closest(".kpi-table, .card-plans, .card-contacts, .my-team") || !table.tHead) return
    var names = Array.prototype.map.call(table.tHead.rows[0].cells, function (cell) { return cell.textContent })
    table.setAttribute("role", "table")
    Array.prototype.forEach.call(table.rows, function (row) {
      row.parentNode.setAttribute("role", "rowgroup")
      row.setAttribute("role", "row")
      Array.prototype.forEach.call(row.cells, function (cell, column) {
        cell.setAttribute("role", cell.tagName === "TH" ? "columnheader" : "cell")
        if (cell.tagName === "TD") cell.dataset.label = names[column]
      })
    })
  }

  // How much room a text takes, in Chinese characters.
  function breadth(text) {
    return text.trim().replace(/[\u0020-\u00ff]{2}/g, "x").length
  }

  // A column of short texts keeps each in one line; a word that is too long for a line breaks within.
  function fitCells(table) {
    Array.prototype.forEach.call(table.querySelectorAll("th, td"), function (cell) {
      if (LONG.test(cell.textContent)) cell.classList.add("kpi-long")
    })
    if (!table.tHead || !table.tBodies[0]) return
    var rows = Array.prototype.slice.call(table.tBodies[0].rows)
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (heading, column) {
      var cells = rows.map(function (row) { return row.cells[column] }).filter(Boolean)
      if (!cells.every(function (cell) { return breadth(cell.textContent) <= SHORT })) return
      cells.forEach(function (cell) { cell.classList.add("kpi-short") })
    })
  }

  // A table too wide for the screen scrolls by itself and can be reached by the keyboard.
  function wrapTables() {
    all(".md-typeset table:not([class])").forEach(function (table) {
      var scroll = document.createElement("div")
      var inner = document.createElement("div")
      scroll.className = "md-typeset__scrollwrap"
      inner.className = "md-typeset__table"
      table.parentNode.insertBefore(scroll, table)
      scroll.appendChild(inner).appendChild(table)
      if (isForm(table)) {
        scroll.classList.add("kpi-blank")
        var above = scroll.previousElementSibling
        if (above && above.tagName === "H2") {
          above.dataset.form = document.querySelector("article h1").firstChild.textContent
          above.classList.add("kpi-blank-alone")
        }
      } else if (isWide(table)) {
        scroll.classList.add("kpi-table")
      }
      label(table)
      if (isHandbook) fitCells(table)
    })
  }

  function headingBefore(node) {
    var headings = all("article h1, article h2, article h3").filter(function (heading) {
      return heading.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING
    })
    var heading = headings[headings.length - 1]
    return heading ? heading.textContent.replace(/#$/, "") : document.title
  }

  function reachScrolling() {
    all(".md-typeset__scrollwrap, .md-typeset pre > code, .md-sidebar__scrollwrap").forEach(function (box) {
      var isScrolling = box.scrollWidth > box.clientWidth + 1 || (box.clientHeight && box.scrollHeight > box.clientHeight + 1)
      if (!isScrolling || box.querySelector("a[href], button")) {
        box.removeAttribute("tabindex")
        box.removeAttribute("role")
        box.removeAttribute("aria-label")
      } else if (!box.hasAttribute("tabindex")) {
        box.setAttribute("tabindex", "0")
        box.setAttribute("role", "group")
        box.setAttribute("aria-label", headingBefore(box))
      }
    })
  }

  // The buttons for the menu and the search stand for the check boxes that the styles look at.
  function press() {
    all("[data-kpi-toggle]").forEach(function (button) {
      var box = document.getElementById(button.dataset.kpiToggle)
      button.addEventListener("click", function () {
        box.checked = !box.checked
        box.dispatchEvent(new Event("change"))
      })
      box.addEventListener("change", function () {
        button.setAttribute("aria-expanded", String(box.checked))
      })
    })
    var drawer = document.getElementById("__drawer")
    function closeDrawer() {
      drawer.checked = false
      drawer.dispatchEvent(new Event("change"))
    }
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && drawer.checked) {
        closeDrawer()
        document.querySelector("[data-kpi-toggle=__drawer]").focus()
      } else if ((event.key === "Enter" || event.key === " ") && event.target.matches("label[tabindex]")) {
        event.preventDefault()
        event.target.click()
      }
    })
    all(".md-sidebar--primary a[href*='#']").forEach(function (link) {
      link.addEventListener("click", closeDrawer)
    })
  }

  // The part that is being read in the contents, and the way back to the top.
  function followReading() {
    var header = document.querySelector("[data-md-component=header]")
    var first = document.querySelector("article h1")
    var links = all(".md-sidebar--secondary .md-nav--secondary a[href^='#']").map(function (link) {
      return { link: link, part: named(link.hash) }
    }).filter(function (each) { return each.part })
    var up = document.querySelector("[data-md-component=top]")
    var last = 0
    var update = calmly(function () {
      var top = header ? header.offsetHeight : 0
      if (up) up.hidden = window.scrollY < window.innerHeight || window.scrollY >= last
      last = window.scrollY
      var isEnd = window.scrollY > 0 && window.scrollY + window.innerHeight >= document.body.scrollHeight - 2
      var read = links.filter(function (each) {
        return each.part.getBoundingClientRect().top < (isEnd ? window.innerHeight : top + 40)
      }).length
      links.forEach(function (each, index) {
        each.link.classList.toggle("md-nav__link--passed", index < read - 1)
        each.link.classList.toggle("md-nav__link--active", index === read - 1)
      })
    })
    listen("scroll", update)
    listen("resize", update)
    update()
    if (up) {
      up.addEventListener("click", function () {
        window.scrollTo({ top: 0, behavior: "smooth" })
        if (first) {
          first.setAttribute("tabindex", "-1")
          first.focus({ preventScroll: true })
        }
      })
    }
  }

  function named(hash) {
    try {
      return document.getElementById(decodeURIComponent(hash.slice(1)))
    } catch (error) {
      return null
    }
  }

  // Where somebody is stays in sight in a long navigation.
  function showActive() {
    all(".md-sidebar--primary .md-nav__link--active").forEach(function (link) {
      var box = link.closest(".md-sidebar__scrollwrap")
      var place = link.getBoundingClientRect().top - box.getBoundingClientRect().top
      if (place > box.clientHeight) box.scrollTop += place - box.clientHeight / 2
    })
  }

  function openTarget() {
    var target = location.hash && named(location.hash)
    for (var node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true
    if (target) target.scrollIntoView()
  }

  // Paper shows what is folded.
  function unfoldOnPaper() {
    var opened = []
    listen("beforeprint", function () {
      opened = all("details:not([open])")
      opened.forEach(function (each) { each.open = true })
    })
    listen("afterprint", function () {
      opened.forEach(function (each) { each.open = false })
    })
  }

  // A text that counts days: `{days:day|days}` is the word that their number asks for.
  function daysSaid(text, days) {
    return text.replace(/\{days:([^{}|]*)\|([^{}|]*)\}/g, days === 1 ? "$1" : "$2").replace("{days}", days)
  }

  // Days are counted on opening, never when the page is made; without script the dates alone stand there.
  function countDays() {
    var box = document.querySelector(".kpi-count")
    if (!box) return
    var now = new Date()
    var today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())
    var left = all(".kpi-cycle time").map(function (time) {
      return Math.round((Date.parse(time.getAttribute("datetime") + "T00:00:00Z") - today) / 864e5)
    }).filter(function (days) { return days >= 0 })
    if (!left.length) return
    var key = left[0] > 1 ? "many" : left[0] ? "one" : "today"
    box.textContent = daysSaid(box.dataset[key], left[0])
    box.hidden = false
  }

  // What is owed, and the step that a cycle is at: how many days are left beside its date.
  function countDaysOwed() {
    var now = new Date()
    var today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())
    function daysTo(time) { return Math.round((Date.parse(time.getAttribute("datetime") + "T00:00:00Z") - today) / 864e5) }
    all(".my-till time").forEach(function (time) {
      if (daysTo(time) < 0) time.closest("li").className = "my-done"
    })
    all(".my-due time, .my-now time").forEach(function (time) {
      var days = daysTo(time)
      var key = days > 1 ? "many" : days === 1 ? "one" : days === 0 ? "today" : "late"
      var left = document.createElement("b")
      left.className = days > 3 ? "my-far" : days < 0 ? "my-over" : "my-near"
      left.textContent = daysSaid(time.closest("[data-late]").dataset[key], Math.abs(days))
      time.insertAdjacentElement("afterend", left)
    })
  }

  // Rows whose day is over, or within a week where that is asked for, are marked on opening: the page itself never knows which day it is.
  function markOverdue() {
    var now = new Date()
    var today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())
    all("[data-overdue] time").forEach(function (time) {
      var days = Math.round((Date.parse(time.getAttribute("datetime") + "T00:00:00Z") - today) / 864e5)
      var said = time.closest("[data-overdue]").dataset
      var text = days < 0 ? said.overdue : days <= 7 ? said.soon : ""
      if (!text) return
      var mark = document.createElement("strong")
      mark.textContent = " " + text
      time.insertAdjacentElement("afterend", mark)
    })
  }

  // A message that goes to somebody else is taken along by one press. Pages from a folder and from plain http have no
  // clipboard of their own: there the marked text is copied.
  function copyButton(box, text) {
    var button = document.createElement("button")
    button.type = "button"
    button.textContent = box.dataset.copy
    button.addEventListener("click", function () {
      var field = document.createElement("textarea")
      field.value = text()
      field.setAttribute("readonly", "")
      field.className = "kpi-copy__text"
      document.body.appendChild(field)
      field.select()
      if (document.execCommand("copy")) button.textContent = box.dataset.copied
      document.body.removeChild(field)
      button.focus()
    })
    return button
  }

  function offerCopies() {
    all(".kpi-copy").forEach(function (box) {
      box.appendChild(copyButton(box, function () {
        return Array.prototype.slice.call(box.querySelectorAll("p")).map(function (part) { return part.innerText }).join("\n")
      }))
    })
  }

  // Beside each who is late, the message that asks for what is owed.
  function offerReminders() {
    var box = document.querySelector(".cycle-reminders")
    if (!box) return
    var rows = document.querySelectorAll(".cycle-late tr")
    var head = rows[0].insertBefore(document.createElement("th"), null)
    head.scope = "col"
    head.textContent = box.dataset.head
    Array.prototype.forEach.call(box.children, function (message, index) {
      var button = copyButton(box, function () {
        return Array.prototype.map.call(message.children, function (line) { return line.textContent }).join("\n")
      })
      button.className = "cycle-remind"
      rows[index + 1].insertCell().appendChild(button)
    })
  }

  // Printing takes a script, so without one there is no button that does nothing.
  function offerPaper() {
    all("[data-print]").forEach(function (head) {
      var button = document.createElement("button")
      button.type = "button"
      button.className = "card-print"
      button.textContent = head.dataset.print
      button.addEventListener("click", function () { print() })
      head.appendChild(button)
      if (location.hash === "#print") listen("load", function () { print() })
    })
  }

  offerCopies()
  offerReminders()
  offerPaper()
  if (window.kpibookPalette) followPalette()
  countDays()
  markOverdue()
  countDaysOwed()
  wrapTables()
  press()
  followReading()
  unfoldOnPaper()
  reachScrolling()
  showActive()
  listen("resize", calmly(reachScrolling))
  listen("load", reachScrolling)
  listen("hashchange", openTarget)
  if (location.hash && document.querySelector("details")) openTarget()
})()
