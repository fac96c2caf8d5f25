declare module "dynalite" {
	import type { Server } from "node:http";

	/** Options that the local stack uses; the package has no types of its own. */
	export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}
