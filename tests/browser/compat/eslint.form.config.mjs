import esx from "eslint-plugin-es-x"

// The editors' form as its makers packed it. It asks itself what a browser can before it uses it, so what counts is what
// is read: one sign that a browser does not know, and nothing of the file runs. Fields of classes may stand there, which
// Chromium 72 and Safari 14.1 read; what came later than Chromium 80 may not.
export default [
  {
    linterOptions: { noInlineConfig: true },
    languageOptions: { ecmaVersion: 2022, sourceType: "script" },
    plugins: { "es-x": esx },
    rules: {
      "es-x/no-regexp-lookbehind-assertions": "error",
      "es-x/no-regexp-d-flag": "error",
      "es-x/no-logical-assignment-operators": "error",
      "es-x/no-class-private-fields": "error",
      "es-x/no-class-private-methods": "error",
      "es-x/no-class-static-block": "error",
      "es-x/no-private-in": "error",
      "es-x/no-top-level-await": "error",
    },
  },
]
