import js from "@eslint/js";
import globals from "globals";
import noUnsanitized from "eslint-plugin-no-unsanitized";

/** What the reader's browser runs is checked more strictly than what only we run. */
export default [
  { ignores: ["dist/", "source/vendor/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: "error",
      eqeqeq: "error",
      "no-console": "error",
      "no-implicit-globals": "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "prefer-const": "error",
    },
  },
  {
    files: ["source/**/*.js"],
    plugins: { "no-unsanitized": noUnsanitized },
    languageOptions: { globals: { ...globals.browser, chrome: "readonly" } },
    rules: {
      ...noUnsanitized.configs.recommended.rules,
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      // The page's text, and the model's, reach the page as text.
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "write"].map((property) => ({ property })),
      ],
    },
  },
  {
    // executeScript runs these one after another as classic scripts; they meet in the object `notime`.
    files: ["source/content/*.js"],
    languageOptions: { sourceType: "script", globals: { notime: "readonly" } },
  },
  {
    files: ["source/content/automatic.js"],
    languageOptions: { globals: { isProbablyReaderable: "readonly" } },
  },
  {
    files: ["source/panel/*.js"],
    languageOptions: { globals: { notime: "readonly" } },
  },
  {
    // Only the background talks to the daemon.
    files: ["source/content/*.js", "source/options/*.js", "source/shared/*.js"],
    rules: { "no-restricted-globals": ["error", "fetch", "XMLHttpRequest", "WebSocket", "EventSource"] },
  },
  {
    // Its own files, in the language that the reader chose.
    files: ["source/shared/words.js"],
    rules: { "no-restricted-globals": "off" },
  },
  {
    files: ["tests/**/*.js", "driver/**/*.js", "tools/**/*.js", "*.js"],
    languageOptions: { globals: { ...globals.node, chrome: "readonly", notime: "readonly" } },
  },
  {
    // Some of its functions are sent into the page.
    files: ["driver/*.js", "tools/*.js"],
    languageOptions: { globals: { ...globals.browser, chrome: "readonly" } },
  },
];
