import tseslint from "typescript-eslint";

/** What a folder loads nothing of: docs/architecture.md. Types may pass, those of the Milvus SDK apart. */
const loadsNothingOf = (folder, ...others) => ({
  files: [`${folder}**`],
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        patterns: [
          ...others.map((other) => ({
            ...(other instanceof RegExp ? { regex: other.source } : { group: [`**/${other}`] }),
            allowTypeImports: true,
            message: "It is of another layer: see docs/architecture.md.",
          })),
          ...(folder === "provider/milvus/"
            ? []
            : [{ group: ["@zilliz/*"], message: "provider/milvus alone knows the Milvus SDK." }]),
        ],
      },
    ],
  },
});

const OUTSIDE = ["sdk/**", "cli/**", "tools/**", "tests/**"];
/** From the engines down: each folder with what is right above it, of which it loads nothing, nor of what is above that. */
const LAYERS = [
  ["provider/engines/"],
  ["provider/components/", "engines/**", "registry"],
  ["provider/run", "components/**"],
  ["provider/lifecycle/", "run"],
  ["provider/resources/", "lifecycle/**"],
  ["provider/milvus/", "resources/**"],
  ["provider/core/", "milvus/**"],
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "**/*.js", "**/*.mjs"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" },
      ],
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: "test" }] },
      ],
    },
  },
  {
    files: ["provider/**", "sdk/**", "cli/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "BinaryExpression[operator='in'][left.type!='Literal']",
          message: "Users may call anything `constructor`: ask Object.hasOwn.",
        },
      ],
    },
  },
  loadsNothingOf("sdk/nodejs/", /(^|\/)provider\/(?!components\/name-of-collection$)/, "cli/**"),
  ...LAYERS.map(([folder], at) =>
    loadsNothingOf(folder, ...OUTSIDE, ...LAYERS.slice(0, at + 1).flatMap(([, ...above]) => above)),
  ),
);
