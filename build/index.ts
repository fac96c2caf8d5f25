import { buildBundles } from "./bundles.ts";
import { buildValidators } from "./validators.ts";

await buildValidators();
await buildBundles();
