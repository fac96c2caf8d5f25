/** The platform's history did not tell what it was asked, in words that hold no secret. */
export class HistoryFailure extends Error {
	override name = "HistoryFailure";
}
