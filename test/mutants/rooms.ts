/** A part of the code, and the tests that have to notice when it is wrong. */
export interface Room {
	/** Files, below the project. */
	readonly code: readonly string[];
	/** Directories or files of tests; those of other rooms do not count. */
	readonly tests: readonly string[];
	/** How many percent have to be noticed at least, where it is not what is asked of `lib/`. */
	readonly leastScore?: number;
}

/** Ordered by the harm that a mistake does. */
export const rooms: Readonly<Record<string, Room>> = {
	storage: { code: ["lib/storage/*.ts"], tests: ["test/unit/storage"] },
	intake: { code: ["lib/intake/*.ts"], tests: ["test/unit/intake"] },
	archive: {
		code: ["lib/archive/*.ts"],
		tests: ["test/unit/archive", "test/table/conformance.test.ts"],
	},
	message: {
		code: ["lib/message/*.ts"],
		tests: ["test/unit/message"],
	},
	history: { code: ["lib/history/*.ts"], tests: ["test/unit/history"] },
	schema: { code: ["lib/schema/*.ts"], tests: ["test/unit/schema"] },
	// What asks AWS of a stage is seen right by `npm run check` of a real one only.
	check: { code: ["lib/check/{finding,probe}.ts"], tests: ["test/unit/check"] },
	// The sentences themselves decide nothing.
	words: {
		code: ["lib/words/{alarm,failure,languages,locale,type,violation}.ts"],
		tests: ["test/unit/words.test.ts", "test/unit/console/page.test.ts"],
	},
	// That it makes a start faster is measured in bench/; a fifth of it is what an example says to nobody.
	warming: { code: ["lib/warming/*.ts"], tests: ["test/unit/warming"], leastScore: 70 },
	functions: { code: ["functions/*.ts"], tests: ["test/unit/functions"] },
	entrance: { code: ["lib/*.ts"], tests: ["test/unit/*.test.ts"] },
};
