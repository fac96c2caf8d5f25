import { en, type Words } from "../words/en.ts";

/** The platform's history did not tell what it was asked, in words that hold no secret. */
export class HistoryFailure extends Error {
	override name = "HistoryFailure";
	readonly say: (words: Words) => string;

	constructor(say: (words: Words) => string) {
		super(say(en));
		this.say = say;
	}
}
