// Drawings of tables: what a chart shows is read from the table below it, which stays for whoever cannot see it.
(function () {
  "use strict"

  var NONE = "—"
  // What the figures of an upright axis take of the width.
  var AXIS = 64
  // The hues of one, two and three grades that are reached, and that fall short; the one between asks for attention.
  var TEAL = [[], [1], [1, 2], [1, 6, 2]]
  var SAND = 3
  var RUST = [[], [4], [4, 5], [4, 7, 5]]
  var SIGNS = ["circle", "rect", "triangle", "diamond", "roundRect"]

  function texts(cells) {
    return Array.prototype.map.call(cells, function (cell) {
      return cell.textContent.trim()
    })
  }

  function number(text) {
    return text === NONE || text === "" ? null : Number(text.replace(/,/g, ""))
  }

  // The head and the rows of a table from column `first` on, each row with its name.
  function read(box) {
    var table = box.querySelector("table")
    var first = Number(box.dataset.first)
    var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
      var cells = texts(row.cells)
      return { name: cells[0], values: cells.slice(first).map(number) }
    })
    return {
      head: texts(table.tHead.rows[0].cells).slice(first),
      rows: rows.filter(function (row) {
        return row.values.some(function (value) {
          return value !== null
        })
      }),
    }
  }

  function names(rows) {
    return rows.map(function (row) {
      return row.name
    })
  }

  function sum(values) {
    return values.reduce(function (total, value) {
      return total + value
    }, 0)
  }

  // So many hues of a family, as far apart as there are.
  function spread(family, count) {
    var hues = family[Math.min(count, family.length - 1)]
    return Array.from({ length: count }, function (_, at) { return hues[Math.floor((at * hues.length) / count)] })
  }

  var OPTIONS = {
    // Each row as a bar of its shares; the labels are the counts.
    shares: function (data, look) {
      var rows = data.rows.filter(function (row) {
        return sum(row.values) > 0
      })
      return {
        color: look.grades(data.head.length),
        grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
        xAxis: { type: "value", max: 100, axisLabel: { formatter: "{value}%", color: look.text, fontSize: 13 }, splitLine: look.split },
        yAxis: { type: "category", inverse: true, data: names(rows), axisLabel: { color: look.text, fontSize: 13 } },
        series: data.head.map(function (grade, at) {
          return {
            name: grade,
            type: "bar",
            stack: "all",
            barMaxWidth: 22,
            label: {
              show: true,
              fontSize: 13,
              formatter: function (point) {
                return rows[point.dataIndex].values[at] || ""
              },
            },
            data: rows.map(function (row) {
              return (row.values[at] * 100) / sum(row.values)
            }),
          }
        }),
        tooltip: {
          valueFormatter: function (share) {
            return share.toFixed(0) + "%"
          },
        },
      }
    },
    // Each row as a box from the lower to the upper quartile, cut at the middle, with dots at both ends.
    ranges: function (data, look) {
      var rows = data.rows
      function bar(name, colour, value) {
        return { name: name, type: "bar", stack: "all", barMaxWidth: 18, silent: true, itemStyle: { color: colour }, data: rows.map(value) }
      }
      function dots(at) {
        return {
          name: data.head[at],
          type: "scatter",
          symbolSize: 7,
          itemStyle: { color: look.edge },
          data: rows.map(function (row, line) {
            return [row.values[at], line]
          }),
        }
      }
      return {
        grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
        legend: { show: false },
        tooltip: { show: false },
        xAxis: { type: "value", scale: true, axisLabel: { color: look.text, fontSize: 13 }, splitLine: look.split },
        yAxis: { type: "category", inverse: true, data: names(rows), axisLabel: { color: look.text, fontSize: 13 } },
        series: [
          bar("", "transparent", function (row) {
            return row.values[1]
          }),
          bar(data.head[1], look.soft, function (row) {
            return row.values[2] - row.values[1]
          }),
          bar(data.head[3], look.data, function (row) {
            return row.values[3] - row.values[2]
          }),
          dots(0),
          dots(4),
        ],
      }
    },
    // Each row as a bar of those who have a grade, with a mark at how many may; beyond it the bar changes its colour.
    quotas: function (data, look) {
      var rows = data.rows
      function bar(name, colour, value) {
        return { name: name, type: "bar", stack: "all", barMaxWidth: 18, itemStyle: { color: colour }, data: rows.map(value) }
      }
      return {
        grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
        xAxis: { type: "value", minInterval: 1, axisLabel: { color: look.text, fontSize: 13 }, splitLine: look.split },
        yAxis: { type: "category", inverse: true, data: names(rows), axisLabel: { color: look.text, fontSize: 13 } },
        legend: { data: [data.head[0], data.head[1]] },
        tooltip: { show: false },
        series: [
          bar(data.head[1], look.data, function (row) {
            return Math.min(row.values[1], row.values[0])
          }),
          bar("", look.grades(2)[1], function (row) {
            return Math.max(row.values[1] - row.values[0], 0)
          }),
          {
            name: data.head[0],
            type: "scatter",
            symbol: "diamond",
            symbolSize: 12,
            itemStyle: { color: look.edge },
            data: rows.map(function (row, line) {
              return [row.values[0], line]
            }),
          },
        ],
      }
    },
    // One bar for each row.
    counts: function (data, look) {
      return {
        color: look.grades(data.rows.length),
        grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
        legend: { show: false },
        xAxis: {
          type: "category",
          data: names(data.rows),
          axisLabel: { color: look.text, fontSize: 13, interval: 0, width: look.width / data.rows.length, overflow: "break" },
        },
        yAxis: { type: "value", minInterval: 1, axisLabel: { color: look.text, fontSize: 13 }, splitLine: look.split },
        series: [
          {
            name: data.head[0],
            type: "bar",
            colorBy: "data",
            barMaxWidth: 56,
            label: { show: true, position: "top", color: look.text, fontSize: 13 },
            data: data.rows.map(function (row) {
              return row.values[0]
            }),
          },
        ],
      }
    },
    // One line for each row, with a sign of its own for those who see no colours.
    lines: function (data, look) {
      return {
        color: look.lines,
        grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
        xAxis: { type: "category", data: data.head, axisLabel: { color: look.text, fontSize: 13 } },
        yAxis: { type: "value", scale: true, axisLabel: { color: look.text, fontSize: 13 }, splitLine: look.split },
        series: data.rows.map(function (row, at) {
          return {
            name: row.name,
            type: "line",
            symbol: SIGNS[at % SIGNS.length],
            symbolSize: 8,
            data: row.values,
          }
        }),
      }
    },
  }

  function lookOf() {
    var style = getComputedStyle(document.querySelector(".md-typeset") || document.body)
    // Colours are those of the page: one meaning for each hue.
    function hue(name) {
      return getComputedStyle(document.body).getPropertyValue("--kpi-" + name).trim()
    }
    return {
      text: style.color,
      font: style.fontFamily,
      split: { lineStyle: { color: hue("line") } },
      data: hue("data"),
      soft: hue("data-soft"),
      edge: hue("edge"),
      lines: [hue("data"), style.color, hue("edge")],
      grades: function (count) {
        var above = Math.min(Math.max(Math.floor(count / 2), 1), count)
        var middle = count > 2 ? [SAND] : []
        var hues = spread(TEAL, above).concat(middle, spread(RUST, count - above - middle.length))
        return hues.map(function (number) { return hue("grade-" + number) })
      },
    }
  }

  function draw(box, chart) {
    var look = Object.assign(lookOf(), { width: chart.getWidth() - AXIS })
    var options = OPTIONS[box.dataset.chart](read(box), look)
    var common = {
      animation: false,
      textStyle: { fontFamily: look.font, color: look.text, fontSize: 13 },
      legend: Object.assign({ top: 0, type: "scroll", textStyle: { color: look.text, fontSize: 13 } }, options.legend),
      tooltip: Object.assign({ trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText" }, options.tooltip),
    }
    chart.setOption(Object.assign(options, common), true)
  }

  function begin(box) {
    var data = read(box)
    if (!data.rows.length) return
    var drawing = document.createElement("div")
    drawing.className = "card-drawing"
    drawing.setAttribute("aria-hidden", "true")
    if (["shares", "ranges", "quotas"].indexOf(box.dataset.chart) >= 0) drawing.style.height = 64 + data.rows.length * 32 + "px"
    box.prepend(drawing)
    var chart = window.echarts.init(drawing, null, { renderer: "svg" })
    draw(box, chart)
    new ResizeObserver(function () {
      chart.resize()
      draw(box, chart)
    }).observe(drawing)
    new MutationObserver(function () {
      draw(box, chart)
    }).observe(document.body, { attributeFilter: ["data-md-color-scheme"] })
  }

  document.querySelectorAll(".card-chart").forEach(begin)
})()
