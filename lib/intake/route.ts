import { isOneOf, type SealedSecret } from "./secret.ts";

/** What a request's path says. */
export interface Route {
	/** Whether the path begins with an accepted key, which authenticates whatever the body is. */
	readonly isKeyed: boolean;
	/** The rest of the path, without slashes around it: `message`, `room/joined`, or empty. */
	readonly path: string;
	/** How many keys were taken off the path, accepted or not. */
	readonly keys: number;
}

/** What the platform appends to the base URL (docs/platform.md "Sibling callbacks"). */
const KNOWN_PATHS = [
	...["message", "sentResult", "chat", "friend/confirm", "friend/send"],
	...["room/joined", "room/left", "room/topic", "chatroom/joined"],
];

/** An unknown path's first segment is rather a key than a word when it is as long and has a digit. */
const KEY_LENGTH = 16;

/**
 * Reads the path of a request. The owner enters one base URL, and the platform appends its own paths
 * to it; the base may carry a secret key as its first segment, which is not part of the result. Nor is
 * a key that is not accepted, because it is old, wrong or the second one: it may still be a secret
 * elsewhere, and what comes with it is the callback that its last segments name.
 *
 * @param keys the accepted keys; none when the owner uses none.
 */
export function readRoute(rawPath: string, keys: readonly SealedSecret[]): Route {
	const segments = rawPath.split("/").filter((segment) => segment !== "");
	const isKeyed = isOneOf(keys, decode(segments[0]));
	const whole = `/${segments.join("/")}`;
	const known = KNOWN_PATHS.find((path) => whole.endsWith(`/${path}`));
	const before =
		known?.split("/").length ??
		(isKeyed || isKeyLike(segments) ? segments.length - 1 : segments.length);
	return {
		isKeyed,
		path: segments.slice(segments.length - before).join("/"),
		keys: segments.length - before,
	};
}

function isKeyLike([first = "", ...others]: readonly string[]): boolean {
	return others.length > 0 && first.length >= KEY_LENGTH && /\d/.test(first);
}

function decode(segment: string | undefined): string | undefined {
	try {
		return segment && decodeURIComponent(segment);
	} catch {
		return segment;
	}
}
