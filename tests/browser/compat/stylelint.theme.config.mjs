import own from "./stylelint.config.mjs"

// What the theme's own sheets use beyond that: scroll bars, touches, marks of lists, animation and room between boxes,
// which a browser that does not know them leaves as they are by default. Layout is still held to the oldest browsers.
const NICER = [
  "css-scrollbar",
  "css-touch-action",
  "css-marker-pseudo",
  "css-containment",
  "css-grid-animation",
  "css-revert-value",
  "flexbox-gap",
  "text-size-adjust",
]
const name = "plugin/no-unsupported-browser-features"
const [isOn, options] = own.rules[name]

export default {
  ...own,
  rules: {
    ...own.rules,
    [name]: [isOn, { ...options, ignore: [...options.ignore, ...NICER] }],
    "property-disallowed-list": own.rules["property-disallowed-list"].filter((each) => each !== "gap"),
  },
}
