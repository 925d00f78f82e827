// What only makes a page nicer may be missing: a browser that does not know it leaves it out.
const NICER = [
  "css-text-wrap-balance",
  "css-focus-visible",
  "css-color-adjust",
  "text-decoration",
  "css-overflow-anywhere",
  "css-paged-media",
  "css-line-break",
]

export default {
  plugins: ["stylelint-no-unsupported-browser-features"],
  rules: {
    "plugin/no-unsupported-browser-features": [true, { ignore: NICER, ignorePartialSupport: true }],
    // What the list of features does not know, or takes for known because grids have it and flexible boxes have not.
    "selector-pseudo-class-disallowed-list": ["has", "is", "where"],
    "function-disallowed-list": ["color-mix"],
    "property-disallowed-list": [
      "inset", "gap", "row-gap", "aspect-ratio", "padding-inline", "padding-block", "margin-inline", "margin-block",
    ],
  },
}
