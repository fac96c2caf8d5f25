import { isAccepted } from "./token.ts";

/** What a request's path says. */
export interface Route {
	/** Whether the path begins with an accepted key, which authenticates whatever the body is. */
	readonly isKeyed: boolean;
	/** The rest of the path, without slashes around it: `message`, `room/joined`, or empty. */
	readonly path: string;
}

/**
 * Reads the path of a request. The owner enters one base URL, and the platform appends its own paths
 * to it (docs/platform.md "Sibling callbacks"); the base may carry a secret key as its first
 * segment, which is not part of the result.
 *
 * @param keys digests of the accepted keys; none when the owner uses none.
 */
export function readRoute(rawPath: string, keys: readonly Buffer[]): Route {
	const segments = rawPath.split("/").filter((segment) => segment !== "");
	const isKeyed = segments[0] !== undefined && isAccepted(keys, decode(segments[0]));
	return { isKeyed, path: segments.slice(isKeyed ? 1 : 0).join("/") };
}

function decode(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}
