import type { gunzipSync, gzipSync } from "node:zlib";

/** Loaded when a long text comes: most cold starts never need it, and it takes 1 ms of each. */
function zlib(): { gzipSync: typeof gzipSync; gunzipSync: typeof gunzipSync } {
	return process.getBuiltinModule("node:zlib");
}

/** @param content text, taken as UTF-8, or bytes. */
export function compress(content: string | Uint8Array): Buffer {
	return zlib().gzipSync(content);
}

/**
 * @param gzip one member or several, one after another.
 * @returns the text that they hold in UTF-8.
 */
export function decompress(gzip: Uint8Array): string {
	return zlib().gunzipSync(gzip).toString("utf8");
}
