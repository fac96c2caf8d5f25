import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** @returns where this machine has a Chromium, if it has one. */
export function chromiumPath(): string | undefined {
	const folders = (process.env.PATH ?? "").split(delimiter);
	return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/** Starts it without a window, and so that it calls nobody by itself. */
export async function launchChromium(): Promise<Browser> {
	const executablePath = chromiumPath();
	if (executablePath === undefined) throw new Error("Chromium is missing on the PATH");
	return chromium.launch({
		executablePath,
		args: [
			...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
			...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
			// Edges are drawn the same each time, however the drawing is cut up between threads.
			...["--num-raster-threads=1", "--disable-partial-raster", "--disable-skia-runtime-opts"],
		],
	});
}
