import { buildBundles } from "./bundles.ts";
import { buildConsole } from "./console.ts";
import { buildValidators } from "./validators.ts";

await buildValidators();
await buildBundles();
await buildConsole();
