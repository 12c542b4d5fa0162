import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/** Strict and type-aware: what the compiler cannot see (floating promises, unsafe `any`) fails here. */
export default tseslint.config(
  { ignores: ["node_modules", ".rehearsal", "coverage"] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
    },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
  {
    // Pulumi resources are made for their effect, and mocha's chains are expressions.
    files: ["tests/**", "infra/**", "platform/**", "index.ts"],
    rules: { "no-new": "off", "@typescript-eslint/no-unused-expressions": "off" },
  },
);
