import { violationSentence } from "../message/violation.ts";

/** What the platform, or whoever called, gets to read. */
export interface Reply {
	/** HTTP status. */
	readonly status: number;
	/** Return code of the WeCom ecosystem; 0 is "taken". */
	readonly errcode: number;
	readonly errmsg: string;
}

/**
 * Why a callback is not taken. The codes are the ecosystem's published return codes
 * (https://developer.work.weixin.qq.com/document/path/90313).
 */
export const refusals = {
	empty: { status: 400, errcode: 44002, errmsg: "the body is empty" },
	notJson: {
		status: 400,
		errcode: 47001,
		errmsg: "the body is not a JSON object in UTF-8",
	},
	tooLarge: {
		status: 413,
		errcode: 45002,
		errmsg: "the body is larger than 900 KiB",
	},
	token: {
		status: 401,
		errcode: 40014,
		errmsg: "data.token is missing or not an accepted one",
	},
	unrecognized: {
		status: 400,
		errcode: 40035,
		errmsg: "the body has no known shape",
	},
	unavailable: {
		status: 503,
		errcode: -1,
		errmsg: "not stored, please send it again",
	},
} as const satisfies Record<string, Reply>;

/** Names a row of {@link refusals}. */
export type RefusalReason = keyof typeof refusals;

/**
 * The acknowledgement: only to be sent when the message is safe.
 *
 * @param violation what is unusual about the message, when it matches no known shape.
 */
export function acknowledgement(violation?: string): Reply {
	return {
		status: 200,
		errcode: 0,
		errmsg: violation === undefined ? "ok" : violationSentence(violation),
	};
}

/** The reply that says no, with what was wrong and where in the body, if that is known. */
export function refusal(reason: RefusalReason, violations: readonly string[] = []): Reply {
	const reply = refusals[reason];
	return violations.length === 0
		? reply
		: { ...reply, errmsg: `${reply.errmsg}: ${violations.map(violationSentence).join("; ")}` };
}
