import { webcrypto } from "node:crypto";
import {
	BasicConstraintsExtension,
	cryptoProvider,
	SubjectAlternativeNameExtension,
	type X509Certificate,
	X509CertificateGenerator,
} from "@peculiar/x509";

/** What a TLS server for `localhost` needs, and what its clients have to trust. */
export interface Certificates {
	readonly key: string;
	/** The server's own first, then those that vouch for it. */
	readonly cert: string;
	readonly ca: string;
}

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** A chain like that of SQS: a leaf, an intermediate and the root above it, all RSA of 2048 bits. */
export async function makeCertificates(): Promise<Certificates> {
	cryptoProvider.set(webcrypto);
	const [root, intermediate, leaf] = await Promise.all([makeKeys(), makeKeys(), makeKeys()]);
	const rootCertificate = await sign("CN=Root CA 1, O=Local", root, "CN=Root CA 1, O=Local", root);
	const chain = [
		await sign("CN=localhost", leaf, "CN=RSA 2048 M01, O=Local", intermediate),
		await sign("CN=RSA 2048 M01, O=Local", intermediate, "CN=Root CA 1, O=Local", root),
		rootCertificate,
	];
	const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", leaf.privateKey));
	return {
		key: `-----BEGIN PRIVATE KEY-----\n${key.toString("base64")}\n-----END PRIVATE KEY-----\n`,
		cert: chain.map((certificate) => certificate.toString("pem")).join("\n"),
		ca: rootCertificate.toString("pem"),
	};
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
	const publicExponent = new Uint8Array([1, 0, 1]);
	const algorithm = { ...RSA, publicExponent, modulusLength: 2_048 };
	return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function sign(
	subject: string,
	{ publicKey }: webcrypto.CryptoKeyPair,
	issuer: string,
	{ privateKey }: webcrypto.CryptoKeyPair,
): Promise<X509Certificate> {
	const isLeaf = subject === "CN=localhost";
	return X509CertificateGenerator.create({
		subject,
		issuer,
		publicKey,
		signingKey: privateKey,
		signingAlgorithm: RSA,
		notBefore: new Date(Date.now() - DAY_MS),
		notAfter: new Date(Date.now() + DAY_MS),
		extensions: [
			new BasicConstraintsExtension(!isLeaf),
			...(isLeaf
				? [new SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }])]
				: []),
		],
	});
}
