import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

/** Files that must stay free of cdktf: they decide, render or judge, and are tested without a stack. */
const pure = [
  "lib/**/config.ts",
  "lib/**/model.ts",
  "lib/**/controls.ts",
  "lib/policy/**/*.ts",
  "lib/validation/**/*.ts",
  "lib/checklist/**/*.ts",
  "lib/gateway/envoy/**/*.ts",
  "lib/waf/statement.ts",
  "lib/**/plan*.ts",
];
const providerRoot = {
  name: "@cdktf/provider-aws",
  message: "import the resource's own module: the package root costs 5 to 7 s and 560 MB",
};

export default tseslint.config(
  { ignores: ["dist/", "cdktf.out/", ".cache/", "coverage/", "node_modules/", "**/*.d.ts"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { project: "tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-restricted-imports": "off",
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { paths: [providerRoot, { ...providerRoot, name: "@cdktf/provider-cloudflare" }] },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 350, skipBlankLines: false, skipComments: false }],
      eqeqeq: "error",
    },
  },
  {
    files: ["lib/**/*.ts"],
    plugins: { jsdoc },
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true },
          contexts: ["TSInterfaceDeclaration", "TSTypeAliasDeclaration"],
        },
      ],
    },
  },
  {
    files: pure,
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["cdktf", "constructs", "@cdktf/*"],
              message: "this file is pure: it imports no cdktf",
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  { files: ["**/*.mjs", "**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
