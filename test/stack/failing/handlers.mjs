export async function throws() {
	throw new Error("a secret of the function");
}

export async function hangs() {
	await new Promise(() => setInterval(() => {}, 1_000));
}

export async function dies() {
	process.exit(1);
}

export async function forgets() {}

export async function mumbles() {
	return "ok";
}

export async function echoes(event) {
	return { statusCode: 200, body: JSON.stringify(event) };
}

/** More than a parent may want to keep of what its child says. */
export async function shouts() {
	const megabyte = `${"x".repeat(999_999)}\n`;
	for (let n = 0; n < 110; n++) {
		await new Promise((resolve) => process.stdout.write(megabyte, resolve));
	}
	return { statusCode: 200, body: "said" };
}
