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
	/** Between two sentences. */
	gap: " ",

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
			toDo: `The platform has probably switched the URL off (10 failed callbacks in 3 minutes do that for 30 minutes): look at the rows “Is the URL alive” and “Is anything refused” of the dashboard, mend the cause, check the URL in the platform's console, then fill the gap from the platform's message history: npm run --silent gaps -- --stage ${stage} says how.`,
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
		missed: {
			name: "Missed",
			fires:
				"The platform's history has messages that no callback brought, or could not be compared.",
			firesNot: "Without `historyBase`; messages that wait in the queue.",
			toDo: "Callbacks get lost: what was missing is filled already, the cause is not mended. Look at failing, authentication, turned-away and silence for the hours in question, and at the URL in the platform's console. If the function compare has errors instead, its log says why: the token in the SSM parameter, the base, or the platform itself.",
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

	/** What is wrong with the parameters of a deployment. */
	parameters: {
		unknown: (name: string, names: string) => `${name} is no parameter; there are ${names}`,
		isWrong: (name: string, value: string, must: string) =>
			`${name} is "${value}", but must be ${must}`,
		email: "an e-mail address",
		hours: 'hours and a time zone, such as "22:00-08:00 Asia/Shanghai"',
		tableName: "3 to 255 letters, digits or . _ -",
		wholeNumber: (least: number, most: number) => `a whole number from ${least} to ${most}`,
		numberOr: (least: string, most: string, other: string) =>
			`a whole number from ${least} to ${most}, or "${other}"`,
		oneOf: (names: readonly string[]) => names.join(", ").replace(/, (\w+)$/, " or $1"),
		keepOrRefuse: '"keep" or "refuse"',
		daysOrForever: 'a number of days or "forever"',
		host: "the name of a host, such as callbacks.example.com",
		certificate: "the ARN of a certificate of ACM in the stack's region",
		historyBase: "the address below which message/history is, with https://",
		ssmParameter: "the name of an SSM parameter, such as /miaohui/token",
		howOften: "how often, such as 30 minutes or 2 hours",
		needEachOther: (one: string, other: string) => `${one} and ${other} need each other`,
		closedNeedsDomain: "defaultEndpoint=closed needs a domain, or nobody could call",
		noTimeLeft: "quietHours and silenceMinutes leave no time of the day for an alarm",
		badSecret: (place: number, name: string) =>
			`number ${place} of ${name} must have 16 to 128 letters, digits or . _ ~ -`,
		badRobot:
			"alarmRobot must be the https address of a robot of 企业微信, 飞书 or 钉钉, or of anything that takes JSON, with its key and without a name, a password or a *",
		needsTokens:
			"the stage needs the tokens that the platform sends, so that nobody else is let in: CALLBACK_TOKENS=first,second or --param tokens=first,second",
	},
	/** The rows of the dashboard. */
	questions: {
		alive: "Is the URL alive?",
		refused: "Is anything refused?",
		unknown: "Is anything not understood?",
		soon: "How long until a message is a row?",
		stuck: "Is anything stuck?",
		missed: "Is anything missing?",
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
		missed: "Messages that no callback brought, and failed comparisons",
		lambda: "Lambda time, ms, and cold starts",
		writes: "Writes to the table, and messages sent",
		bytes: "Bytes of bodies and of logs",
	},
	/** The words of which a label is made; what is not here stands as AWS names it. */
	labels: { LogBytes: "log bytes", ColdStart: "cold starts" } as Readonly<Record<string, string>>,

	/** What the corrections say in another language than that of lib/schema/corrections.json. */
	corrections: {} as Readonly<
		Record<
			string,
			{
				readonly wrong: string;
				readonly fix: string;
				readonly evidence: string;
				readonly confidence?: string;
			}
		>
	>,
	confidences: {} as Readonly<Record<string, string>>,

	/** What every command says. */
	command: {
		/** After words on a wrong use. */
		helpTells: " (--help tells more)",
		langUsage: "  --lang CODE      en or zh (default: as LC_ALL, LC_MESSAGES or LANG say)\n",
		noLanguage: (code: string) => `--lang "${code}" must be en or zh`,
		unknownOption: (option: string) => `there is no option ${option}`,
		unknownWord: (word: string) => `"${word}" is no option`,
		valueMissing: (option: string) => `${option} wants a value`,
		valueUnwanted: (option: string) => `${option} takes no value`,
		wholeNumber: (option: string, value: string) =>
			`${option} "${value}" must be a whole number from 1 on`,
		noTimeOf: (option: string, value: string, zone: string) =>
			`${option} "${value}" is no time of ${zone}; try 2026-01-31 or 2026-01-31T08:00`,
		untilBefore: "--until is before --since",
		goesOn: (why: string) => `${why}; it goes on`,
		/** What errors of the SDK mean to whoever runs a command. */
		noRegion: "no region is set: add --region NAME, such as --region cn-north-1",
		noCredentials:
			"there are no AWS credentials: add --profile NAME, or sign in as for the AWS command line",
		badCredentials: "AWS does not take these credentials: add --profile NAME, or sign in again",
		noStage:
			"there is no such stage in this account and region: see --stage, --region and --profile",
		noAnswer: "it does not answer; if the stage is local, is npm start running?",
		noNetwork: "AWS cannot be reached: is --region right, is there a network?",
	},
	stage: {
		usage: `  --stage NAME     a deployed stage, with the usual AWS credentials (default: local)
  --region NAME    where it is deployed (default: AWS_REGION, or the profile's)
  --profile NAME   whose credentials (default: AWS_PROFILE, or as for the AWS command line)
`,
		regionIsOfDeployed: "--region and --profile are of a deployed stage: add --stage NAME",
		localDoesNotRun: "the local stack does not run; start it with: npm start",
	},
	/** One line of a message. */
	line: {
		unreadable: "(cannot be shown; --json may show more)",
		incomplete: "(incomplete: a part of it is missing)",
		empty: "(nothing in it)",
		recallFailed: "(the recall failed)",
		revisions: (n: number) => `(${n} revisions)`,
		fromHistory: "(from the platform's history)",
		oddRow: (pk: string, sk: string) => `a row of another kind: ${pk} ${sk}`,
	},
	messagesCommand: {
		usage: `npm run --silent messages -- [--chat|--contact|--room|--message ID] [options]

  --message ID     an id, or its beginning as a line shows it (this looks through the whole table)
  --callback NAME  instead of messages: the requests to that path, such as room/joined, or all of them
  --review         only what is unrecognized
  --since TIME     from this time on, such as 2026-01-31 or 2026-01-31T08:00:00+08:00; UTC without a zone
  --until TIME     up to this time
  --limit N        the newest N only; of the whole table: the N stored last
  --revisions      every revision of a message, not just the fullest
  --follow         each revision as it is stored, from now on or from --since; Ctrl-C ends it. On a stage
                   an hour of it costs 0.7 cents
  --explain        why a message is documented, corrected or unrecognized
  --json           one JSON object a line, with every attribute
`,
		wantsId: (option: string) => `${option} wants an id`,
		oneAtATime: "one of --chat, --contact, --room and --message at a time",
		followAlone: "--follow goes without --callback, --until and --limit",
		callbackAlone: "--callback goes with --since, --until, --limit and --json only",
		noMatch: "messages: nothing matches; without options every message is shown",
		noneLocal: "messages: there are none yet; npm start prints a curl that sends one",
		none: "messages: there are none yet in this stage",
		/** Why a message has its verdict. */
		accepted: "the published schema accepts it",
		partMissing: "a part of its text is missing",
	},
	reviewCommand: {
		usage: `npm run --silent review -- [options]

Lists what no schema recognizes, grouped by what is wrong with it, with one sample each.

  --show           the samples as they came (default: every text and number blanked)
  --revalidate     judge the stored messages again with today's schemas, and update their verdict
`,
		newest: (time: string) => `newest ${time}`,
		noViolation: "no violation is known",
		nothing: "nothing to review",
		judged: (all: number, changed: number) => `${all} judged again, ${changed} changed`,
	},
	deadLettersCommand: {
		usage: `npm run --silent dead-letters -- [options]   what could not be stored, and why
npm run --silent redrive -- [options]        moves it back to be tried again

`,
		moved: (n: number) => `${n} moved back`,
		hidden: (n: number, seconds: number) =>
			`${n} more are hidden while another look shows them, such as the console's; they are back within ${seconds} s, so ask again then`,
		none: "no dead letters",
		storeDied: "store died of it, a thousand times",
		of: (chat: string, message: string) => `chat ${chat} message ${message}`,
	},
	/** What `npm run check` finds. */
	checks: {
		titles: {
			robot: "The robot takes a message",
			rights: "The credentials have the rights of a deployment",
			region: "The region has every service",
			concurrency: "The account may run enough functions at once",
			names: "Table and queues can have their names",
			public: "The API may be public",
			knock: "Who has no token is turned away",
			probe: "A probe becomes a row",
			dead: "There are no dead letters",
			stack: "The stack is deployed",
			functions: "The functions run",
			waiting: "Nothing waits for long",
			table: "The table is whole",
			recovery: "The table can be restored",
			alarms: "The alarms are in place",
			state: "No alarm is on",
			told: "Somebody is told of alarms",
			dashboard: "The dashboard is there",
			logs: "Logs are kept for a while",
			credentials: "The credentials are good",
			parameters: "The parameters are right",
		},
		and: "; ",
		colon: ": ",
		mayNot: "ask with credentials that may read this",
		askAgain: "ask again, or look in the AWS console",
		filing:
			"in a China region a public HTTP API needs an ICP filing, and nobody but you can know of it",
		getFiling: "get it from the operator of the region (Sinnet, NWCD) before the URL is used",
		raise: "ask for more in Service Quotas: AWS Lambda, “Concurrent executions”",
		raiseOrShare:
			"ask for more in Service Quotas: AWS Lambda, “Concurrent executions”, or say receiveConcurrency=shared",
		raiseOrLess:
			"ask for more in Service Quotas: AWS Lambda, “Concurrent executions”, or say a smaller storeConcurrency",
		reserved: (n: number, left: number) => `${n} reserved leave ${left} unreserved`,
		tooManyReserved: (n: number, left: number, least: number) =>
			`${n} reserved leave ${left} unreserved, and it must be ${least}`,
		atOnce: (all: number, store: number, left: number) =>
			`${all} at once; beside ${store} of store ${left} are left for receive`,
		few: (all: number, store: number, left: number) =>
			`${all} at once; beside ${store} of store ${left} are left for receive: some 50 callbacks a second`,
		queuesLeft: (names: string) => `there are still the queues ${names}`,
		emptyQueues:
			"they hold what was acknowledged: wait until they are empty, then npm run remove -- --stage NAME",
		noTable: (table: string) => `there is no table ${table}`,
		otherTable: "say another tableName, or none",
		takenUp: (table: string, rows: number) =>
			`the table ${table} with about ${rows} rows is taken up again`,
		free: "they are free",
		tableThere: (table: string) => `there is a table ${table}`,
		takeUp: (table: string) => `to take it up again: --param tableName=${table}`,
		noType: (type: string) => `it has no ${type}`,
		allTypes: (n: number) => `all ${n} types of resources`,
		otherRegion: "deploy to another region",
		root: "these are the account's root credentials",
		allowed: "as docs/deploy-policy.json names them, says IAM's simulation",
		denied: (actions: string, more: number) =>
			`it may not ${actions}${more > 0 ? `, and ${more} more` : ""}`,
		attach: "attach docs/deploy-policy.json to it",
		tokenRefused: "the stage does not take this token",
		deployWithIt: "deploy with it: CALLBACK_TOKENS=new,old npm run deploy",
		noRow: (answered: number, seconds: number) =>
			`acknowledged after ${answered} ms, but no row after ${seconds} s`,
		notLost:
			"nothing is lost: it waits in the queue or lies among the dead letters. See the alarms waiting, store-errors and failed-items",
		isRow: (answered: number, stored: number, name: string) =>
			`acknowledged after ${answered} ms, a row after ${stored} ms; see it with --callback ${name}`,
		failing: "see the alarm failing in docs/operations.md, and the log of receive",
		everyone: "everyone is let in, whatever the token",
		toStranger: (told: string) => `to a wrong token ${told}`,
		toEmpty: (told: string) => `to an empty message ${told}`,
		refuses: (url: string, told: string) => `${url} answers ${told} to a wrong token`,
		deployWithTokens: "deploy with CALLBACK_TOKENS",
		noToken: "there is no token to send it with",
		giveToken:
			"give one in CHECK_TOKEN, CALLBACK_TOKENS or a file .env; at a terminal you are asked for it",
		redeploy: "deploy again with the same parameters",
		since: (status: string, time: string) => `${status} since ${time}`,
		takenBack: (status: string, time: string) =>
			`${status} since ${time}: the last deployment was taken back, and the one before it runs`,
		stackEvents: "the stack's events in the AWS console tell why; mend it and deploy again",
		askWhenDone: "ask again when it is done",
		isIn: (name: string, state: string) => `${name} is ${state}`,
		lastUpdate: (state: string) => `its last update is ${state}`,
		runsOn: (name: string, runtime: string, wanted: string) =>
			`${name} runs on ${runtime}, not ${wanted}`,
		writesTo: (name: string, table: string, wanted: string) =>
			`${name} writes to ${table}, not ${wanted}`,
		storeNotCalled: (state: string) => `store is not called: ${state}`,
		noDeadLetterQueue: "there is no dead-letter queue",
		none: "none",
		thereAre: (n: number) => `there are ${n}`,
		showsWhy: "npm run --silent dead-letters -- --stage NAME shows why",
		noQueue: "there is no queue",
		wait: (n: number, age: number | undefined) =>
			`${n} wait${age === undefined ? "" : `, the oldest for ${age} s`}`,
		seeWaiting: "see the alarms waiting and failed-items in docs/operations.md",
		seeWaitingAgain: "ask again; see the alarms waiting and failed-items in docs/operations.md",
		tableIs: (state: string) => `the table is ${state}`,
		indexIs: (name: string, state: string) => `the index ${name} is ${state}`,
		missing: "missing",
		noStream: "it has no stream for consumers",
		noExpiry: "it deletes nothing that has expired",
		wholeTable: (table: string, n: number) =>
			`${table} with its ${n} indexes, stream and time to live`,
		seeRestore:
			"an index that is being made needs time; otherwise see Restore in docs/operations.md",
		noRecovery: "point-in-time recovery is off",
		seeRestoreStep: "see Restore in docs/operations.md, step 2",
		restorable: (since: string | undefined) =>
			`to any second since ${since ?? "it was made"}, and it cannot be deleted`,
		restorableOpen: (since: string | undefined) =>
			`to any second since ${since ?? "it was made"}, but it can be deleted`,
		protect: "deploy with tableDeletionProtection=true",
		noAlarm: (title: string) => `there is no alarm ${title}`,
		muteAlarm: (title: string) => `the alarm ${title} tells nobody`,
		all: (n: number) => `all ${n}`,
		noLog: (name: string) => `there is no ${name}`,
		keptForEver: (name: string) => `${name} is kept for ever, and paid for`,
		days: (days: string) => `${days} days`,
		unconfirmed: (who: string) => `${who} has not confirmed`,
		followLink: "follow the link in the e-mail that SNS sent",
		nobody: "nobody",
		deployWithEmail: "deploy with alarmEmail=… or ALARM_ROBOT=…, or subscribe to the topic",
		noRobot: "there is no URL of a robot",
		giveRobot: "give it in ALARM_ROBOT or a file .env",
		seeRobot: "see “Alarms in a group” in docs/operations.md",
		asGiven: "as they are given here",
		seeParameters: "see “Parameters” in docs/operations.md",
	},
	checkCommand: {
		usage: `npm run --silent check -- --stage NAME [options]

Before the first deployment: whether it can be made. After it: whether all of the stage is as it should be.
Ends with 1 when something is not. It changes nothing, but sends a probe: a callback that becomes a row
under callback#probe, and is no message.

  CHECK_TOKEN      the token to send the probe with (default: the first of CALLBACK_TOKENS, from the
                   environment or a file .env; at a terminal it is asked for)
  --param NAME=…   as of npm run deploy, before the first deployment
  --url URL        where callbacks are sent to, with /message (default: the stack's CallbackUrl)
  --tell           also sends a message to the robot of ALARM_ROBOT, or of a file .env
  --json           one JSON object a line
`,
		wantsUrl: "--url wants a URL",
		askToken: (callbackUrl: string) => `An accepted token of ${callbackUrl}: `,
	},
	forwardCommand: {
		usage: `npm run --silent forward -- --to URL [options]

Posts each message to a program that is being written: as JSON, in the shape of readRow of
miaohui-receiver/message, in the order of their storing within a chat. Anything but a 2xx is tried again,
for as long as it takes, and holds up its chat only. The header Idempotency-Key is the same at each repeat.
Started again it goes on where it was; what was just on its way comes twice. Ctrl-C ends it.

  --to URL         https, or http on this machine, such as http://localhost:8080/hook
  --once           end when all is delivered that is there now
  --since TIME     begin with what was stored then (default: now); another one than before begins anew
`,
		wantsUrl: "--to wants a URL",
		wantsHttps:
			"--to wants https, unless it is on this machine, and no name or password in it: messages are nobody else's",
		waits: (chat: string, why: string) => `${chat} waits, ${why}`,
	},
	exportCommand: {
		usage: `npm run --silent export -- [--since DAY] [--until DAY] [options]

Writes the messages of some days, one revision a line, in the order of their storing: as JSON with every
attribute, or for a spreadsheet. Called again with the same options, an export that was killed goes on.

  --since DAY      from this day on, such as 2026-01-31, or from a time such as 2026-01-31T08:00
  --until DAY      up to the end of this day, or up to a time
  --zone NAME      whose days, such as Asia/Shanghai (default: this machine's)
  --format FORMAT  json or csv (default: json)
  --out FILE       where to (default: the terminal, which cannot be gone on with)
`,
		badFormat: "--format is json or csv",
		badZone: (zone: string) => `--zone "${zone}" is no time zone; try Asia/Shanghai`,
		otherOptions: (out: string, file: string) =>
			`${out} was begun with other options: delete it and ${file}, or name another`,
		isThere: (out: string) => `${out} is there already, or cannot be written`,
		written: (rows: number, upTo: string) => `${rows} written, of what was stored up to ${upTo}`,
		done: (rows: number, out: string | undefined) =>
			`${rows} written${out === undefined ? "" : ` to ${out}`}`,
	},
	consoleCommand: {
		usage: `npm run console -- --stage NAME [options]

Shows a deployed stage in the browser: messages, other callbacks, dead letters, queues and dashboard. It
reads, and sends dead letters back when you say so.

  --port N         of the page, on this machine only (default: 3001, or a free one)
`,
		wantsStage: "say which stage: --stage NAME; that of this machine has its page with npm start",
		noTable: (table: string) => `there is no table ${table} in this account and region`,
		opened: (stage: string, url: string) => `Stage ${stage}: ${url} (Ctrl-C ends it)`,
	},
	removeCommand: {
		usage: `npm run remove -- --stage NAME [--region NAME] [--profile NAME] [--lose-messages]

Says what goes and what stays, asks for the stage's name, and removes the stack and its empty queues.
With a table of another name (tableName): TABLE_NAME=… before it.

`,
		wantsStage: "--stage wants the name of a deployed stage",
		goes: (stage: string, region: string) => `Removing the stage ${stage} in ${region}:
  goes    the API with its URL (a domain of your own can be given to another stage), both functions,
          alarms, dashboard, logs, and the queues`,
		inQueues: (waiting: number, dead: number) => `${waiting} waiting and ${dead} dead`,
		isLost: (inQueues: string) => `  is lost ${inQueues}, all of them acknowledged`,
		tableStays: (
			table: string,
			rows: number,
			stage: string,
		) => `  stays   the table ${table} with about ${rows} rows, and is paid for
          to use it again: npm run deploy -- --stage ${stage} --param tableName=${table}`,
		tableIsLost: (table: string, rows: number) =>
			`  is lost the table ${table} with about ${rows} rows: it is not protected`,
		refusal: (inQueues: string, stage: string) =>
			`there are messages in the queues (${inQueues}). Wait until the first are rows, move the others back with: npm run redrive -- --stage ${stage}. Or say --lose-messages`,
		ask: "Type the stage's name to remove it: ",
		otherName: "that is not its name; nothing was removed",
		waits: (minutes: number) =>
			`A queue is deleted when it has been empty for ${minutes} minutes: SQS counts roughly. Whoever does not wait leaves the queues as they are.`,
		queueStays: (name: string) => `The queue ${name} holds messages, and stays.`,
	},
	schemaCommand: {
		usage: `npm run --silent schema            the corrected schema
npm run --silent schema -- --diff  what it corrects of the published one, and on what evidence

`,
		wrong: "wrong     ",
		fix: "fix       ",
		evidence: "evidence  ",
	},
	startCommand: {
		usage: `npm start -- [--fresh]

Starts the whole path on this machine, from the callback URL to the table, and prints how to try it.

  --fresh          begin anew: what this stack has kept is deleted
  PORT             of the callback URL (default: 3000)
  CALLBACK_TOKENS  accepted tokens, with commas between (default: everyone is let in)
  CALLBACK_KEYS    keys that may stand first in the path
  ON_UNRECOGNIZED  keep or refuse (default: keep)
  DYNAMODB         dynalite, or amazon for Amazon's DynamoDB Local, which needs a JDK (default: dynalite)
  LOCAL_DIR        where the data stay (default: .local)
`,
		badPort: (value: string, last: number) =>
			`PORT is "${value}", but must be a number from 1 to ${last}`,
		badEngine: (value: string) => `DYNAMODB is "${value}", but must be "dynalite" or "amazon"`,
		heads: {
			url: "Callback URL",
			console: "Console",
			tokens: "Tokens",
			try: "Try",
			look: "Look",
			log: "Log",
		},
		seeIt: "(see it working)",
		anyToken: "every token is accepted",
		listedTokens: "those of CALLBACK_TOKENS, which the line below wants in its shell, too",
		ends: (directory: string) =>
			`Ctrl-C ends it; the data stay in ${directory} (npm start -- --fresh empties it).`,
		stopping: "stopping …",
		wouldAlarm: (name: string, description: string) => `ALARM  ${name}: ${description}`,
		isOver: (name: string) => `over   ${name}`,
	},
	/** What the local stack cannot do. */
	local: {
		runsAlready: (directory: string) =>
			`a stack is running in ${directory} already; end it first, or choose another directory with LOCAL_DIR=… npm start`,
		portTaken: (port: number) =>
			`port ${port} is taken by another program; choose another one with PORT=… npm start`,
		needsJava: "DYNAMODB=amazon needs a JDK of 17 or newer on the PATH",
		oldTable: (directory: string) =>
			`the table in ${directory} is of an older version, with another key; npm start -- --fresh begins anew`,
	},
	ledgerCommand: {
		usage: `npm run ledger -- [options]

Sends a mix of callbacks through a local stack of its own and reconciles what was acknowledged with
what lies in the table. Ends with 1 on any difference.

  --messages N   how many (default: 2000)
  --faults       while faults of queue and table come and go
  --off          while the URL is off now and then, and back-fills fetch what it misses
  --seed N       which mix, and which faults (default: 1)
  DYNAMODB=amazon uses Amazon's DynamoDB Local
`,
		kept: "every promise kept",
		differences: (n: number) => `${n} differences`,
	},
	/** What is wrong with the platform's message history. */
	history: {
		circle: "its pages go round in a circle",
		tooManyPages: (n: number) => `a day has more than ${n} pages`,
		tooManyCalls: (n: number) => `more than ${n} calls would be needed`,
		odd: "it answers in no known shape",
		answers: (said: string) => `it answers ${said}`,
		unreadable: (reason: string) => `it cannot be read: ${reason}`,
		tooLong: (bytes: number) => `its answer has over ${bytes} bytes`,
	},
	backfillCommand: {
		usage: `npm run --silent backfill -- --since TIME [--until TIME] [options]

Asks the platform's message history what it has, and puts what the table lacks on the queue: once,
however often this runs. Ends with 0 when nothing is missing, with 3 when something was.

  --since TIME     such as 2026-01-31T08:00:00+08:00; UTC without a zone
  --until TIME     (default: 10 minutes ago; what came since may still be on its way)
  --bot ID         of one bot only, by its botId
  --dry-run        only tells what is missing
  --base URL       below which the history is, such as https://…/stream-api (default: HISTORY_BASE)
  --dialect NAME   how it wants to be asked: published or resold (default: published)
  --rate N         calls a second (default: 2)
  --from DAY[:SEQ] goes on where a failure has said
  --json           one JSON object
  HISTORY_TOKEN    the group's token; without it, it is asked for
`,
		askToken: "Token of the group: ",
		noToken: "the token is missing: set HISTORY_TOKEN",
		noSince: "--since is missing: from when on?",
		badDialect: (value: string) => `--dialect "${value}" must be published or resold`,
		noBase: "where is the history? Add --base URL, or set HISTORY_BASE",
		badBase: (value: string) =>
			`--base "${value}" must begin with https:// and end before message/history`,
		badFrom: (value: string) => `--from "${value}" must be a day, or a day:cursor`,
		progress: (day: string, pages: number, records: number) =>
			`${day}  page ${pages}  ${records} records`,
		columns: ["hour", "bot", "platform", "there", "missing", "filled"],
		noTime: "without a time",
		unusable: (n: number) => `${n} records without an id: nobody can tell about them`,
		notAll: (day: string, reason: string, place: string) =>
			`backfill: of ${day} not all is known: ${reason}; --from ${place}`,
		nothing: "nothing is missing",
		nothingRead: "nothing is missing of what could be read",
		missed: (n: number, done: string) => `${n} missing, ${done}`,
		notFilled: "nothing filled (--dry-run)",
		filledWith: (n: number) => `${n} put on the queue`,
	},
	gapsCommand: {
		usage: `npm run --silent gaps -- [options]

Says from the table alone when the callback URL was probably off: when no callbacks came, or none of a
bot, though as a rule some do; and the command that fetches each gap from the platform's history.

  --since TIME     (default: a week ago)
  --until TIME     (default: now)
  --minutes N      how long all callbacks have to be missing (default: 30)
  --json           one JSON object a line
`,
		none: "no gaps",
		all: "no callback at all",
		ofBot: (bot: string) => `none of bot ${bot}`,
		usual: (n: number) => `usually ${n} come`,
		noWeek: "there is no week before to compare with",
		gap: (since: string, until: string, minutes: number, who: string, usual: string) =>
			`${since} to ${until}, ${minutes} minutes: ${who}; ${usual}`,
	},
	rehearseCommand: {
		usage: `npm run rehearse

Runs the real deploy against a local AWS (ministack), shows there what is promised, and removes the
stage again. Needs python3, 3.10 or newer, with venv and pip; without it ends with 2. The engine is
installed into .rehearsal/, its log is there, too.

`,
		lacks: (what: string) => `not rehearsed: ${what}`,
		failed: (n: number, log: string) => `${n} steps failed; ${log} tells what the engine did`,
	},
	outageCommand: {
		usage: `npm run outage -- [--messages N] [--cycles N] [--engine dynalite|amazon]

Takes the table of a local stack away for so many times the first pause between two tries (1 s here,
30 s when deployed), with messages waiting, and tells what became of them.

`,
		deadLetter: (reason: string) => `dead letter: ${reason}`,
		isWell: "every message is one row",
		isNot: "NOT every message is one row",
	},
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
