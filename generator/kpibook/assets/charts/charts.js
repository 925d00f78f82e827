// Drawings of tables: what a chart shows is read from the table below it, which stays for whoever cannot see it.
(function () {
  "use strict"

  var NONE = "—"
  // What the figures of an upright axis take of the width.
  var AXIS = 64
  var PALETTES = {
    default: {
      grades: ["#1f4e79", "#4a86bd", "#a9c8e4", "#e9bd8f", "#c2560c", "#7d3200"],
      lines: ["#1f4e79", "#c2560c", "#4a86bd", "#7a5195", "#2f7d4f", "#b8860b", "#a23b72", "#555555"],
    },
    slate: {
      grades: ["#8fc1ee", "#5793c9", "#2f6296", "#a5652f", "#e08a3f", "#f5c08a"],
      lines: ["#8fc1ee", "#f0a35e", "#5793c9", "#c29bdc", "#77c596", "#e3c65b", "#e38bb6", "#bbbbbb"],
    },
  }
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

  var OPTIONS = {
    // Each row as a bar of its shares; the labels are the counts.
    shares: function (data, look) {
      var rows = data.rows.filter(function (row) {
        return sum(row.values) > 0
      })
      return {
        color: look.grades,
        grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
        xAxis: { type: "value", max: 100, axisLabel: { formatter: "{value}%", color: look.text }, splitLine: look.split },
        yAxis: { type: "category", inverse: true, data: names(rows), axisLabel: { color: look.text } },
        series: data.head.map(function (grade, at) {
          return {
            name: grade,
            type: "bar",
            stack: "all",
            barMaxWidth: 22,
            label: {
              show: true,
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
    // One bar for each row.
    counts: function (data, look) {
      return {
        color: look.grades,
        grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
        legend: { show: false },
        xAxis: {
          type: "category",
          data: names(data.rows),
          axisLabel: { color: look.text, interval: 0, width: look.width / data.rows.length, overflow: "break" },
        },
        yAxis: { type: "value", minInterval: 1, axisLabel: { color: look.text }, splitLine: look.split },
        series: [
          {
            name: data.head[0],
            type: "bar",
            colorBy: "data",
            barMaxWidth: 56,
            label: { show: true, position: "top", color: look.text },
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
        xAxis: { type: "category", data: data.head, axisLabel: { color: look.text } },
        yAxis: { type: "value", scale: true, axisLabel: { color: look.text }, splitLine: look.split },
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
    var scheme = document.body.getAttribute("data-md-color-scheme") === "slate" ? "slate" : "default"
    var style = getComputedStyle(document.querySelector(".md-typeset") || document.body)
    var look = Object.assign({ text: style.color, font: style.fontFamily, split: {} }, PALETTES[scheme])
    look.split = { lineStyle: { color: scheme === "slate" ? "#ffffff24" : "#0000001a" } }
    return look
  }

  function draw(box, chart) {
    var look = Object.assign(lookOf(), { width: chart.getWidth() - AXIS })
    var options = OPTIONS[box.dataset.chart](read(box), look)
    var common = {
      animation: false,
      textStyle: { fontFamily: look.font, color: look.text },
      legend: Object.assign({ top: 0, type: "scroll", textStyle: { color: look.text } }, options.legend),
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
    if (box.dataset.chart === "shares") drawing.style.height = 64 + data.rows.length * 32 + "px"
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
