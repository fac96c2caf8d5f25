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
