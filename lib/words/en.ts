/** What the words of the alarms depend on. */
export interface AlarmFacts {
	readonly stage: string;
	/** Minutes without a callback that are a silence. */
	readonly silence: number;
	/** The longest pause between two tries of a message, in minutes. */
	readonly pause: number;
}

/** Every word in English that is not the page's; the other languages say the same. */
export const en = {
	/** How the language is called in tags, such as `zh-CN`. */
	tag: "en",

	/**
	 * By what an alarm's name ends with; `fires` and `toDo` are its description. No quote, backslash or
	 * line break: EventBridge puts a description into JSON as it is
	 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
	 */
	alarms: ({ stage, silence, pause }: AlarmFacts) => ({
		silent: {
			name: "No callback",
			fires: `No callback for ${silence} minutes.`,
			firesNot: "It tells nobody: `silence` does.",
			toDo: "See the alarm silence.",
		},
		begun: {
			name: "In use",
			fires: "The first callback of this stage has come.",
			firesNot:
				"It tells nobody, and stays on: `silence` needs it, so that a new stage is not reported.",
			toDo: "Nothing: it says that the URL is in use.",
		},
		"quiet-hours": {
			name: "Quiet hours",
			fires: `It is one of the quiet hours, or less than ${silence} minutes after them.`,
			firesNot: "It tells nobody: `silence` waits for its end.",
			toDo: "Nothing: it is a clock.",
		},
		silence: {
			name: "Silence",
			fires: `No callback for ${silence} minutes, though there have been some before.`,
			firesNot:
				"Before the first callback ever; in `quietHours` and for `silenceMinutes` after them.",
			toDo: "The platform has probably switched the URL off (10 failed callbacks in 3 minutes do that for 30 minutes): look at the rows “Is the URL alive” and “Is anything refused” of the dashboard, mend the cause, check the URL in the platform's console, then fetch the gap from the platform's message history.",
		},
		failing: {
			name: "Failing",
			fires: "A callback got a 5xx, whoever gave it.",
			firesNot: "Refusals (4xx).",
			toDo: "The platform counts that against the URL. On the dashboard: refused with reason unavailable means that neither queue nor table took a message (health pages of SQS and DynamoDB, rights of the receive role); errors of receive mean that it crashed or timed out (its log; if it began with a deployment, take that back first); throttles mean that the account's concurrency is used up (a new account has 10: ask for more, or set receiveConcurrency); none of these means API Gateway itself.",
		},
		authentication: {
			name: "Wrong tokens",
			fires: "Three callbacks in 5 minutes had a missing or wrong token.",
			firesNot: "One or two: somebody tries URLs.",
			toDo: "What is refused is lost. If the token was changed in the platform's console, deploy with both: tokens=new,old. Otherwise somebody else knows the URL.",
		},
		"turned-away": {
			name: "Turned away",
			fires:
				"Three callbacks in 5 minutes got a 4xx for another reason than their token, from receive or from API Gateway.",
			firesNot: "Wrong tokens (`authentication`) and 5xx (`failing`).",
			toDo: "What is refused is lost. The dashboard's row “Is anything refused” names the reason if receive gave one (empty, notJson, tooLarge, unrecognized); if not, API Gateway did: 429 above throttleRate (raise it), 413 above 10 MB.",
		},
		slow: {
			name: "Slow answers",
			fires: "The slowest percent of the answers takes more than 2 s, for 10 minutes.",
			firesNot: "A single cold start.",
			toDo: "The platform sends slow callbacks again and then switches the URL off. Look at EnqueueLatency on the dashboard and at the health page of SQS in the region.",
		},
		"written-directly": {
			name: "Past the queue",
			fires: "The queue did not take a message, and receive wrote it to the table itself.",
			firesNot: "Slow answers of the queue.",
			toDo: "Nothing is lost, but answers are slow. Look at the health page of SQS in the region and at the rights of the receive role.",
		},
		unrecognized: {
			name: "Unrecognized",
			fires: "More than 5 % of the callbacks of 15 minutes match no known shape.",
			firesNot: "Single unknown messages among many.",
			toDo: `They are kept. Run: npm run --silent review -- --stage ${stage}. The platform has probably changed its format: add a correction, deploy, then run review -- --revalidate.`,
		},
		unexpected: {
			name: "Unexpected error",
			fires: "An error that nobody had foreseen; the message was kept as it came.",
			firesNot: "Anything that the contract names.",
			toDo: `Nothing is lost. It is a mistake in this program: npm run --silent review -- --stage ${stage} shows the message with the error's name, the log the rest. Mend it, deploy, then run review -- --revalidate.`,
		},
		"store-errors": {
			name: "Store fails",
			fires: "Store crashed, timed out, or was not allowed to run, within the last 3 minutes.",
			firesNot: "Single messages that could not be written (`failed-items`).",
			toDo: "Nothing is lost: the messages wait for 14 days. Look at the function's log; throttles mean that the account's concurrency is used up. If it began with a deployment, take that back.",
		},
		"failed-items": {
			name: "Table takes nothing",
			fires: `The table did not take a message, within the last ${pause} minutes.`,
			firesNot: "A call that a second try mends.",
			toDo: "Nothing is lost, and nothing is to be done when the table is only away: the messages wait for 14 days and become rows by themselves. The store function's log names the reason. Look at the health page of DynamoDB, at throttling of the table, at the store role's rights and the table's name.",
		},
		waiting: {
			name: "Waiting",
			fires: "More messages wait than are stored in 3 minutes, for 3 of 5 minutes.",
			firesNot: "A burst that store is working off.",
			toDo: "Nothing is lost: the queue keeps them for 14 days. With failed-items or store-errors beside it, see there. Alone: store is not called (is its event source enabled? does its role still read the queue?) or has too little storeConcurrency.",
		},
		"dead-letters": {
			name: "Dead letters",
			fires: "A message can never be stored, and lies in the dead-letter queue.",
			firesNot: "A table that is away: such messages wait.",
			toDo: `It stays there for 14 days. npm run --silent dead-letters -- --stage ${stage} shows it with its reason; mend that, deploy, then: npm run redrive -- --stage ${stage}.`,
		},
		"dead-letters-old": {
			name: "Old dead letters",
			fires: "There have been dead letters for 3 days.",
			firesNot: "Dead letters that were moved back in time.",
			toDo: `They are deleted 14 days after they came. npm run --silent dead-letters -- --stage ${stage} shows them; mend the cause and move them back, or keep a copy: npm run redrive -- --stage ${stage}.`,
		},
		"receive-errors": {
			name: "Receive fails",
			fires: "Receive crashed or timed out.",
			firesNot: "It tells nobody: `failing` does. A deployment is taken back by it.",
			toDo: "See the alarm failing.",
		},
	}),
	/** The heads of the table of alarms. */
	alarmHeads: ["alarm", "fires", "fires not", "what to do"],

	/** A group robot's messages, the parts of each line by line. */
	robot: {
		alarm: (alarm: string) => `Alarm: ${alarm}`,
		over: (alarm: string) => `Over: ${alarm}`,
		since: (time: string) => `Since ${time} (UTC)`,
		fromTo: (from: string, to: string) => `From ${from} to ${to} (UTC)`,
		dashboard: (url: string) => `Dashboard: ${url}`,
		test: (stage: string) => `Test of miaohui-receiver, stage ${stage}: alarms arrive here.`,
	},
	/** Of what a deployment says. */
	nobodyIsTold:
		"Nobody will be told when something fails: deploy with --param alarmEmail=ADDRESS, or ALARM_ROBOT=URL of a group robot.",

	/** The rows of the dashboard. */
	questions: {
		alive: "Is the URL alive?",
		refused: "Is anything refused?",
		unknown: "Is anything not understood?",
		soon: "How long until a message is a row?",
		stuck: "Is anything stuck?",
		cost: "What does it cost?",
	},
	/** The titles of its graphs. */
	graphs: {
		taken: "Callbacks taken",
		api: "Requests and errors of the API",
		acknowledgement: "Time to the acknowledgement, ms",
		refused: "Refused",
		reasons: "Refused, by reason",
		receive: "Receive: errors and throttles",
		conformance: "Conformance",
		unrecognized: "Unrecognized, by type of message",
		toRow: "From callback to row, ms",
		delay: "From the platform's time to the callback, ms",
		rows: "Rows, revisions and duplicates",
		age: "Age of the oldest message, s",
		waiting: "Waiting, and dead letters",
		store: "Store: failed items, errors, throttles",
		lambda: "Lambda time, ms, and cold starts",
		writes: "Writes to the table, and messages sent",
		bytes: "Bytes of bodies and of logs",
	},
	/** The words of which a label is made; what is not here stands as AWS names it. */
	labels: { LogBytes: "log bytes", ColdStart: "cold starts" } as Readonly<Record<string, string>>,
} as const;

type Text<Value> = Value extends (...parts: infer Parts) => infer Result
	? (...parts: Parts) => Text<Result>
	: Value extends string
		? string
		: { readonly [Name in keyof Value]: Text<Value[Name]> };

/** The words of a language; one that is missing does not compile. */
export type Words = Text<typeof en>;

/** The alarms of a stage, by what their names end with. */
export type AlarmTitle = keyof ReturnType<Words["alarms"]>;
