/**
 * Whether a request comes from the console's own page, or from a person at this machine.
 *
 * Any web page may send requests to a loopback port, and one whose name was made to resolve to
 * 127.0.0.1 (DNS rebinding) may read the answers too. Browsers tell such a page's name in `Host`, and
 * its origin in `Origin` with every POST.
 */
export function isOwn(request: {
	readonly method: string;
	readonly host: string | undefined;
	readonly origin: string | undefined;
	/** `Sec-Fetch-Site` and `Sec-Fetch-Mode`: a page's picture asks without an origin. */
	readonly site?: string | undefined;
	readonly mode?: string | undefined;
}): boolean {
	const { method, host = "", origin, site, mode } = request;
	if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) return false;
	// A link from elsewhere may lead to the page.
	if (mode !== "navigate" && site !== undefined && !OWN_SITES.includes(site)) return false;
	if (origin !== undefined) return origin === `http://${host}`;
	return method === "GET" || method === "HEAD";
}

const OWN_SITES = ["same-origin", "none"];
