// The search box in the header: exact parts of words over the whole text, titles before headings before bodies.
(function () {
  "use strict"

  var MOST = 50
  var EXCERPT = 90
  var box = document.querySelector(".kpi-search")
  var toggle = document.getElementById("__search")
  if (!box || !toggle) return
  var form = box.querySelector("form")
  var input = box.querySelector("input")
  var meta = box.querySelector(".md-search-result__meta")
  var list = box.querySelector(".md-search-result__list")
  var pages = null
  var asked = false
  var chosen = -1

  // One character stays one character, so that places found in the folded text hold in the text itself. A wide comma
  // stays wide: it ends a number, where a narrow one may stand within.
  function fold(text) {
    return text.replace(/[\uff01-\uff0b\uff0d-\uff5e\u3000A-Z\u00c0-\u00de]/g, function (sign) {
      if (sign === "\u3000") return " "
      var code = sign.charCodeAt(0)
      return (code >= 0xff01 ? String.fromCharCode(code - 0xfee0) : sign).toLowerCase()
    })
  }

  function load() {
    if (asked) return
    asked = true
    var script = document.createElement("script")
    script.src = box.dataset.index
    script.onerror = function () {
      asked = false
      list.setAttribute("aria-busy", "false")
      meta.textContent = box.dataset.failed
    }
    document.head.appendChild(script)
  }

  window.kpibookSearch = function (rows) {
    pages = rows.map(function (row, order) {
      var sections = row[3].map(function (section) {
        return { anchor: section[0], heading: section[1], text: section[2], foldedHeading: fold(section[1]), folded: fold(section[2]) }
      })
      return { title: row[0], url: row[1], path: row[2], sections: sections, folded: fold(row[0]), initials: row[4] || "", order: order }
    })
    search()
  }

  // A number or a Latin word begins where no other begins: 20 is not found in 2026, age not in average.
  function finder(word) {
    var start = /^[a-z\u00df-\u00ff]/.test(word) ? "(?<![a-z\u00df-\u00ff])" : /^[0-9]/.test(word) ? "(?<![0-9.,])" : ""
    var end = /[0-9]$/.test(word) ? "(?![0-9]|[.,][0-9])" : ""
    return new RegExp(start + word.replace(/[.*+?^${}()|[\]\\\/-]/g, "\\$&") + end, "g")
  }

  function count(text, pattern) {
    pattern.lastIndex = 0
    var found = 0
    while (found < 20 && pattern.exec(text)) found++
    return found
  }

  // How well one word fits a page, and in which section it stands; 0 where it does not occur.
  function fit(page, word, pattern) {
    var score = 0
    if (count(page.folded, pattern)) {
      score += 1000 + 400 * (word.length / page.folded.length) + (page.folded.indexOf(word) === 0 ? 100 : 0)
    }
    page.sections.forEach(function (section) {
      var inHeading = count(section.foldedHeading, pattern) ? 40 : 0
      var points = inHeading + count(section.folded, pattern)
      section.points += points
      score += Math.min(points, 60)
    })
    return score
  }

  function matches(words) {
    var patterns = words.map(finder)
    var found = []
    pages.forEach(function (page) {
      page.sections.forEach(function (section) { section.points = 0 })
      var score = 0
      for (var index = 0; index < words.length; index++) {
        var points = fit(page, words[index], patterns[index])
        if (!points) return
        score += points
      }
      var isTitle = patterns.every(function (pattern) { return count(page.folded, pattern) })
      found.push({ page: page, score: score, section: isTitle ? null : fullest(page.sections) })
    })
    return found.sort(function (one, other) { return other.score - one.score || one.page.order - other.page.order })
  }

  function fullest(sections) {
    return sections.reduce(function (best, section) {
      return section.points && (!best || section.points > best.points) ? section : best
    }, null)
  }

  // The words of a text that stands nowhere as it was typed: 店长职责 is then 店长 and 职责.
  function parts(word) {
    if (!window.Intl || !Intl.Segmenter) return [word]
    var segments = Array.from(new Intl.Segmenter("zh", { granularity: "word" }).segment(word))
    return segments.filter(function (segment) { return segment.isWordLike }).map(function (segment) { return segment.segment })
  }

  // What stands nowhere may be the first letters of a title's pinyin: dz for 店长.
  function byInitials(words) {
    if (!words.every(function (word) { return /^[a-z]{2,}$/.test(word) })) return []
    return pages.filter(function (page) {
      return words.every(function (word) { return page.initials.indexOf(word) >= 0 })
    }).map(function (page) {
      return { page: page, score: (page.initials.indexOf(words[0]) ? 0 : 100) - page.initials.length, section: null }
    }).sort(function (one, other) { return other.score - one.score || one.page.order - other.page.order })
  }

  function marked(node, text, words) {
    var folded = fold(text)
    var spans = []
    words.forEach(function (word) {
      var pattern = finder(word)
      var hit
      while ((hit = pattern.exec(folded))) spans.push([hit.index, hit.index + word.length])
    })
    spans.sort(function (one, other) { return one[0] - other[0] })
    var at = 0
    spans.forEach(function (span) {
      if (span[1] <= at) return
      var start = Math.max(at, span[0])
      node.appendChild(document.createTextNode(text.slice(at, start)))
      var mark = document.createElement("mark")
      mark.textContent = text.slice(start, span[1])
      node.appendChild(mark)
      at = span[1]
    })
    node.appendChild(document.createTextNode(text.slice(at)))
    return node
  }

  function excerpt(text, words) {
    var folded = fold(text)
    var first = words.reduce(function (least, word) {
      var place = folded.search(finder(word))
      return place >= 0 && (least < 0 || place < least) ? place : least
    }, -1)
    var start = Math.max(0, first - 24)
    var end = Math.min(text.length, start + EXCERPT)
    return (start ? "…" : "") + text.slice(start, end) + (end < text.length ? "…" : "")
  }

  function made(name, className) {
    var node = document.createElement(name)
    node.className = className
    return node
  }

  function row(match, index, words) {
    var page = match.page
    var section = match.section
    var item = made("li", "md-search-result__item")
    var link = made("a", "md-search-result__link")
    item.setAttribute("role", "presentation")
    link.id = "kpi-search-" + index
    link.setAttribute("role", "option")
    link.setAttribute("aria-selected", "false")
    link.href = box.dataset.base + "/" + page.url + (section && section.anchor ? "#" + encodeURIComponent(section.anchor) : "")
    var article = made("article", "md-search-result__article md-typeset")
    if (page.path.length) {
      var path = made("div", "kpi-search__path")
      path.textContent = page.path.join(" › ")
      article.appendChild(path)
    }
    article.appendChild(marked(made("div", "kpi-search__title"), page.title, words))
    var shown = section || page.sections.find(function (one) { return one.text })
    if (shown && (shown.heading || shown.text)) {
      var text = made("p", "kpi-search__text")
      if (shown.heading) {
        marked(text.appendChild(made("span", "kpi-search__heading")), shown.heading, words)
      }
      marked(text, excerpt(shown.text, words), words)
      article.appendChild(text)
    }
    link.appendChild(article)
    item.appendChild(link)
    return item
  }

  function said(key, values) {
    return Object.keys(values).reduce(function (text, name) {
      return text.split("{" + name + "}").join(values[name])
    }, box.dataset[key])
  }

  function search() {
    var query = input.value.trim()
    var words = fold(query).split(/[\s，、;；]+|,(?![0-9])/).filter(Boolean)
    list.textContent = ""
    choose(-1)
    input.setAttribute("aria-expanded", "false")
    list.setAttribute("aria-busy", String(asked && !pages))
    if (!words.length || !pages) {
      meta.textContent = box.dataset.start
      return
    }
    list.dataset.query = query
    var found = matches(words)
    var isLoose = false
    if (!found.length) {
      var loose = Array.from(new Set([].concat.apply([], words.map(parts))))
      if (loose.length > words.length) {
        found = matches(loose)
        isLoose = found.length > 0
        if (isLoose) words = loose
      }
    }
    var isPinyin = false
    if (!found.length) {
      found = byInitials(words)
      isPinyin = found.length > 0
    }
    var key = !found.length ? "none" : isPinyin ? "pinyin" : isLoose ? "loose" : found.length > MOST ? "first" : found.length === 1 ? "one" : "many"
    meta.textContent = said(key, { query: query, count: Math.min(found.length, key === "loose" ? found.length : MOST) })
    found.slice(0, MOST).forEach(function (match, index) { list.appendChild(row(match, index, words)) })
    input.setAttribute("aria-expanded", String(found.length > 0))
    box.querySelector(".md-search__scrollwrap").scrollTop = 0
  }

  function choose(index) {
    var links = list.querySelectorAll("a")
    links.forEach(function (link, place) {
      link.toggleAttribute("data-chosen", place === index)
      link.setAttribute("aria-selected", String(place === index))
    })
    chosen = index
    if (links[index]) {
      input.setAttribute("aria-activedescendant", links[index].id)
      links[index].scrollIntoView({ block: "nearest" })
    } else {
      input.removeAttribute("aria-activedescendant")
    }
  }

  function open() {
    load()
    toggle.checked = true
    input.focus()
    input.select()
  }

  function close() {
    toggle.checked = false
    input.blur()
  }

  // A large field on the home page leads to the one search.
  function offer() {
    var heading = document.querySelector("article h1")
    if (!("home" in box.dataset) || !heading) return
    var field = made("button", "kpi-find")
    field.type = "button"
    field.textContent = input.placeholder
    field.addEventListener("click", open)
    heading.insertAdjacentElement("afterend", field)
  }

  offer()
  var waiting = 0
  function searchNow() {
    clearTimeout(waiting)
    waiting = 0
    search()
  }

  input.addEventListener("focus", function () {
    load()
    toggle.checked = true
  })
  input.addEventListener("input", function () {
    clearTimeout(waiting)
    waiting = setTimeout(searchNow, 60)
  })
  toggle.addEventListener("change", function () {
    if (toggle.checked) open()
  })
  form.addEventListener("reset", function () {
    setTimeout(function () {
      search()
      input.focus()
    })
  })
  form.addEventListener("submit", function (event) {
    event.preventDefault()
    searchNow()
    var link = list.querySelectorAll("a")[Math.max(chosen, 0)]
    if (link) link.click()
  })
  list.addEventListener("click", function (event) {
    if (event.target.closest("a")) toggle.checked = false
  })
  box.addEventListener("keydown", function (event) {
    if (event.isComposing) return
    if (waiting && /^Arrow(Up|Down)$/.test(event.key)) searchNow()
    var last = list.querySelectorAll("a").length - 1
    if (event.key === "ArrowDown") choose(chosen >= last ? 0 : chosen + 1)
    else if (event.key === "ArrowUp") choose(chosen <= 0 ? last : chosen - 1)
    else if (event.key === "Escape") close()
    else if (event.key === "Enter" && chosen >= 0) {
      list.querySelectorAll("a")[chosen].click()
    } else return
    event.preventDefault()
    event.stopPropagation()
  })
  document.addEventListener("keydown", function (event) {
    var target = event.target
    var isTyping = target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)
    var isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping
    var isControlK = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k"
    if (isSlash || isControlK) {
      event.preventDefault()
      open()
    }
  })
})()
