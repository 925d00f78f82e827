import compat from "eslint-plugin-compat"
import esx from "eslint-plugin-es-x"

// Syntax newer than 2020 does not parse (`?.` and `??` are read from Chromium 80 and Safari 13.1 on); what browsers of the list do not know at run time is an error of its own.
export default [
  {
    languageOptions: { ecmaVersion: 2020, sourceType: "script" },
    plugins: { compat, "es-x": esx },
    rules: {
      "compat/compat": "error",
      "es-x/no-regexp-lookbehind-assertions": "error",
      "es-x/no-array-prototype-at": "error",
      "es-x/no-string-prototype-replaceall": "error",
      "es-x/no-string-prototype-at": "error",
      "es-x/no-object-hasown": "error",
    },
    settings: { "es-x": { aggressive: true } },
  },
]
