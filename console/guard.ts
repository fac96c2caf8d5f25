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
}): boolean {
	const { method, host = "", origin } = request;
	if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) return false;
	if (origin !== undefined) return origin === `http://${host}`;
	return method === "GET" || method === "HEAD";
}
