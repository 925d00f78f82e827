// The search: exact parts of words over the whole text, titles before headings before bodies; then pinyin, and then what
// was meant by a slip of the pen.
(function () {
  "use strict"

  var MOST = 50
  var EXCERPT = 90
  var box = document.querySelector(".kpi-search")
  var toggle = document.getElementById("__search")
  if (!box || !toggle) return
  var form = box.querySelector("form")
  var input = box.querySelector("input")
  var meta = box.querySelector(".kpi-search__said")
  var list = box.querySelector("#kpi-search-list")
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
      return {
        title: row[0], url: row[1], path: row[2], sections: sections, folded: fold(row[0]), order: order,
        sounds: row[4].map(function (name) { return name.split(" ").filter(Boolean) }),
        kind: row[5], about: row[6], aliases: row[7], names: [row[0]].concat(row[7]).map(fold),
      }
    })
    search()
  }

  // A number or a Latin word begins where no other begins: 20 is not found in 2026, age not in average.
  var LETTER = /[a-z\u00df-\u00ff]/
  var DIGIT = /[0-9.,]/

  // The places of a word in a text. Old browsers know no look behind a place, so what stands there is asked apart.
  function finder(word) {
    var begins = LETTER.test(word[0]) ? LETTER : /[0-9]/.test(word[0]) ? DIGIT : null
    var isNumber = /[0-9]$/.test(word)
    return function (text, from) {
      for (var at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
        var isCut = begins && at > 0 && begins.test(text[at - 1])
        var goesOn = isNumber && /^(?:[0-9]|[.,][0-9])/.test(text.slice(at + word.length, at + word.length + 2))
        if (!isCut && !goesOn) return at
      }
      return -1
    }
  }

  function count(text, find) {
    var found = 0
    for (var at = find(text, 0); at >= 0 && found < 20; at = find(text, at + 1)) found++
    return found
  }

  // How well one word fits a page, and in which section it stands; 0 where it does not occur.
  function fit(page, word, pattern) {
    var score = 0
    if (count(page.folded, pattern)) {
      score += 1000 + 400 * (word.length / page.folded.length) + (page.folded.indexOf(word) === 0 ? 100 : 0)
    }
    page.names.slice(1).forEach(function (name) {
      if (count(name, pattern)) score += 900 + 400 * (word.length / name.length)
    })
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
      found.push({ page: page, score: page.kind === "guide" ? behind(page, score, isTitle) : score, section: isTitle ? null : fullest(page.sections) })
    })
    return found.sort(function (one, other) { return other.score - one.score || one.page.order - other.page.order })
  }

  // The company's own pages come before those that tell editors how the handbook is made: a title of the guide comes after
  // other titles, and its text, as each strict check, after all else.
  function behind(page, score, isTitle) {
    return isTitle && page.path.length < 2 ? 900 + score / 1e6 : score / 1e6
  }

  function fullest(sections) {
    return sections.reduce(function (best, section) {
      return section.points && (!best || section.points > best.points) ? section : best
    }, null)
  }

  // The words of a text that stands nowhere as it was typed: 店长职责 is then 店长 and 职责.
  function parts(word) {
    if (!window.Intl || !Intl.Segmenter) return [word]
    // eslint-disable-next-line compat/compat -- asked for in the line above
    var segments = Array.from(new Intl.Segmenter("zh", { granularity: "word" }).segment(word))
    return segments.filter(function (segment) { return segment.isWordLike }).map(function (segment) { return segment.segment })
  }

  // Whether letters spell a name from one of its syllables on: each in full, by its first letter, or begun.
  function spells(typed, sound, from) {
    if (!typed) return true
    if (from >= sound.length) return false
    var syllable = sound[from]
    if (typed.length <= syllable.length && syllable.indexOf(typed) === 0) return true
    return (typed.indexOf(syllable) === 0 && spells(typed.slice(syllable.length), sound, from + 1)) ||
      (typed[0] === syllable[0] && spells(typed.slice(1), sound, from + 1))
  }

  // Where in a name the letters begin; -1 for nowhere.
  function spelled(typed, sounds) {
    return sounds.reduce(function (best, sound) {
      for (var from = 0; from < sound.length; from++) {
        if (spells(typed, sound, from)) return best < 0 ? from : Math.min(best, from)
      }
      return best
    }, -1)
  }

  // What stands nowhere may be pinyin, whole or by first letters: zhuanhualv, dz.
  function byPinyin(words) {
    if (!words.every(function (word) { return /^[a-z\u00fc]{2,}$/.test(word) })) return []
    var typed = words.map(function (word) { return word.replace(/\u00fc/g, "v") })
    return pages.map(function (page) {
      var places = typed.map(function (word) { return spelled(word, page.sounds) })
      var isFound = places.every(function (place) { return place >= 0 })
      return isFound ? { page: page, score: (places[0] ? 0 : 100) - page.sounds[0].length, section: null } : null
    }).filter(Boolean).sort(function (one, other) { return other.score - one.score || one.page.order - other.page.order })
  }

  // How many letters have to be put in, left out, changed or swapped until one text is the other; at most two are counted.
  function distance(one, other) {
    if (Math.abs(one.length - other.length) > 1) return 2
    var at = 0
    while (at < one.length && one[at] === other[at]) at++
    var rest = one.slice(at)
    var others = other.slice(at)
    if (!rest && !others) return 0
    var isOne = rest.slice(1) === others.slice(1) || rest.slice(1) === others || rest === others.slice(1) ||
      (rest[0] === others[1] && rest[1] === others[0] && rest.slice(2) === others.slice(2))
    return isOne ? 1 : 2
  }

  // Whether a name, or a part of it as long as what was typed, is it but for one sign.
  function isNear(typed, name) {
    for (var size = typed.length - 1; size <= typed.length + 1; size++) {
      for (var from = 0; from + size <= name.length; from++) {
        if (distance(typed, name.slice(from, from + size)) === 1) return true
      }
    }
    return false
  }

  // The names that were meant by a text that stands nowhere: one sign is wrong, missing, too many or out of place.
  // Two signs are meant for names of two alone: half of many longer ones is like them.
  function meant(words) {
    var typed = words.join("")
    var isLatin = /^[a-z]+$/.test(typed)
    if (typed.length < (isLatin ? 5 : 2)) return []
    var found = []
    pages.forEach(function (page) {
      page.names.forEach(function (name, index) {
        var text = isLatin && /[^a-z0-9 ]/.test(name) ? page.sounds[index].join("") : name.replace(/ /g, "")
        if (typed.length === 2 ? text.length !== 2 || distance(typed, text) !== 1 : !isNear(typed, text)) return
        var shown = index ? page.aliases[index - 1] : page.title
        var isWhole = distance(typed, text) === 1
        found.push({ name: shown, score: (isWhole ? 100 : 0) - text.length, order: page.order })
      })
    })
    found.sort(function (one, other) { return other.score - one.score || one.order - other.order })
    return Array.from(new Set(found.map(function (each) { return each.name }))).slice(0, 3)
  }

  function marked(node, text, words) {
    var folded = fold(text)
    var spans = []
    words.forEach(function (word) {
      var find = finder(word)
      for (var at = find(folded, 0); at >= 0; at = find(folded, at + word.length)) spans.push([at, at + word.length])
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
      var place = finder(word)(folded, 0)
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

  // What matters of a result: where a role belongs, what an indicator is, where else the words stand.
  function row(match, index, words) {
    var page = match.page
    var section = match.section
    var item = made("li", "")
    var link = made("a", "")
    item.setAttribute("role", "presentation")
    link.id = "kpi-search-" + index
    link.setAttribute("role", "option")
    link.setAttribute("aria-selected", "false")
    link.href = box.dataset.base + "/" + page.url + (section && section.anchor ? "#" + encodeURIComponent(section.anchor) : "")
    link.appendChild(marked(made("div", "kpi-search__title"), page.title, words))
    var path = made("div", "kpi-search__path")
    path.textContent = page.kind === "role" ? page.about : page.kind === "other" || page.kind === "policy" ? "" : page.path.slice(1).join(" › ")
    link.appendChild(path)
    var shown = section || page.sections.filter(function (one) { return one.text })[0]
    var lead = !section && page.kind === "indicator" && page.about
    if (lead || (shown && (shown.heading || shown.text))) {
      var text = made("div", "kpi-search__text")
      if (!lead && shown.heading) marked(text.appendChild(made("span", "kpi-search__heading")), shown.heading, words)
      marked(text, lead || excerpt(shown.text, words), words)
      link.appendChild(text)
    }
    item.appendChild(link)
    return item
  }

  // Results stand by kind, the kind of the best first.
  function put(found, words) {
    var kinds = Array.from(new Set(found.map(function (match) { return match.page.kind })))
    var index = 0
    kinds.forEach(function (kind) {
      var head = made("li", "kpi-search__kind")
      head.setAttribute("role", "presentation")
      head.textContent = box.dataset[kind] || box.dataset.other
      list.appendChild(head)
      found.forEach(function (match) {
        if (match.page.kind === kind) list.appendChild(row(match, index++, words))
      })
    })
  }

  function said(key, values) {
    var text = box.dataset[key].replace(/\{(\w+):([^{}|]*)\|([^{}|]*)\}/g, function (_, name, one, many) {
      return String(values[name]) === "1" ? one : many
    })
    return Object.keys(values).reduce(function (text, name) {
      return text.split("{" + name + "}").join(values[name])
    }, text)
  }

  // What was found, and how: as typed, by pinyin, by a name that was meant, or by the words of the text.
  function answer(words) {
    var found = matches(words)
    if (found.length) return { found: found, words: words, key: found.length > MOST ? "first" : found.length === 1 ? "one" : "many" }
    found = byPinyin(words)
    if (found.length) return { found: found, words: [], key: "pinyin" }
    var names = meant(words)
    if (names.length) {
      var likely = fold(names[0]).split(/\s+/)
      return { found: matches(likely), words: likely, key: "meant", names: names }
    }
    var loose = Array.from(new Set([].concat.apply([], words.map(parts))))
    found = loose.length > words.length ? matches(loose) : []
    return { found: found, words: loose, key: found.length ? "loose" : "none" }
  }

  function search() {
    var query = input.value.trim()
    var words = fold(query).split(/[\s，、;；]+|,(?![0-9])/).filter(Boolean)
    // A result that holds the focus takes it along when it goes.
    if (list.contains(document.activeElement)) input.focus()
    list.textContent = ""
    choose(-1)
    input.setAttribute("aria-expanded", "false")
    list.setAttribute("aria-busy", String(asked && !pages))
    if (!words.length || !pages) {
      meta.textContent = box.dataset.start
      return
    }
    list.dataset.query = query
    var told = answer(words)
    var count = Math.min(told.found.length, MOST)
    meta.textContent = said(told.key, { query: query, count: count, meant: told.names ? told.names[0] : "" })
    if (told.key === "none") meta.appendChild(made("div", "")).textContent = box.dataset.help
    if (told.names && told.names.length > 1) ask(told.names.slice(1))
    put(told.found.slice(0, MOST), told.words)
    input.setAttribute("aria-expanded", String(count > 0))
    box.querySelector(".kpi-search__scroll").scrollTop = 0
  }

  // The other names that may have been meant.
  function ask(names) {
    var line = meta.appendChild(made("div", ""))
    line.textContent = box.dataset.ask
    names.forEach(function (name) {
      var button = line.appendChild(made("button", ""))
      button.type = "button"
      button.textContent = name
      button.addEventListener("click", function () {
        input.value = name
        search()
        input.focus()
      })
    })
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

  var opener = null

  function open() {
    load()
    if (!toggle.checked || !opener) opener = document.activeElement
    toggle.checked = true
    input.focus()
    input.select()
  }

  function close() {
    toggle.checked = false
    input.blur()
    if (opener && opener !== document.body) opener.focus()
    opener = null
  }

  // On the home page a large field stands for the one in the bar.
  function offer() {
    var place = document.querySelector(".kpi-hero .kpi-try")
    if (!place) return
    var field = made("button", "kpi-find kpi-press")
    field.type = "button"
    field.textContent = input.placeholder
    field.addEventListener("click", open)
    place.parentNode.insertBefore(field, place)
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
  box.addEventListener("click", function (event) {
    if (event.target === box || event.target.closest(".kpi-search__close")) close()
  })
  box.addEventListener("keydown", function (event) {
    if (event.isComposing) return
    if (waiting && /^(Arrow(Up|Down)|Tab)$/.test(event.key)) searchNow()
    var last = list.querySelectorAll("a").length - 1
    if (event.key === "ArrowDown") choose(chosen >= last ? 0 : chosen + 1)
    else if (event.key === "ArrowUp") choose(chosen <= 0 ? last : chosen - 1)
    else if (event.key === "Escape") close()
    else if (event.key === "Home" && chosen >= 0) choose(0)
    else if (event.key === "End" && chosen >= 0) choose(last)
    else if (event.key === "Enter" && chosen >= 0 && event.target === input) {
      list.querySelectorAll("a")[chosen].click()
    } else return keep(event)
    event.preventDefault()
    event.stopPropagation()
  })
  // The tab key goes round within the open box, also from where nothing of it holds the focus.
  function keep(event) {
    if (event.key !== "Tab") return
    var stops = Array.from(box.querySelectorAll("input, button, a"))
    var at = stops.indexOf(document.activeElement)
    var next = event.shiftKey ? Math.max(at, 0) - 1 : at + 1
    event.preventDefault()
    stops[(next + stops.length) % stops.length].focus()
  }

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
