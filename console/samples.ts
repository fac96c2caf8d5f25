import type { SampleChoice } from "./protocol.ts";

/** One request that a sample makes. */
export interface SampleRequest {
	readonly method: "POST";
	/** Below the base URL. */
	readonly path: string;
	readonly body: string;
}

/** What differs each time that a sample is sent. */
export interface Occasion {
	/** Makes an id like the platform's: 32 hex digits. */
	readonly newId: () => string;
	/** Milliseconds since 1970. */
	readonly now: number;
	/** The platform's shared secret. */
	readonly token: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The payloads of all types, in the shape of traffic (docs/platform.md "Payloads"). */
const PAYLOADS: Readonly<Record<number, Fields>> = {
	7: { text: "你好，请问今天几点开门？", pureText: "你好，请问今天几点开门？" },
	6: {
		imageUrl: "https://media.example.invalid/thumb.jpg",
		size: 8_800,
		artwork: { url: "https://media.example.invalid/photo.jpg", height: 2_556, width: 1_179 },
	},
	2: { voiceUrl: "https://media.example.invalid/voice.mp3", duration: 7 },
	13: {
		videoUrl: "https://media.example.invalid/video.mp4",
		duration: 12,
		thumbnailUrl: "https://media.example.invalid/video.jpg",
	},
	1: { name: "报价单.pdf", fileUrl: "https://media.example.invalid/offer.pdf", size: 204_800 },
	12: {
		title: "秋季新品上架",
		description: "三款新品，周五上午十点开售",
		url: "https://shop.example.invalid/autumn",
		thumbnailUrl: "https://media.example.invalid/autumn.jpg",
	},
	9: {
		appid: "wx0000000000000001",
		title: "会员积分商城",
		description: "积分兑好礼",
		username: "gh_000000000001@app",
		pagePath: "pages/index.html",
		thumbUrl: "https://media.example.invalid/mini.jpg",
	},
	14: {
		nickname: "秋日咖啡馆",
		description: "一分钟学会手冲咖啡",
		feedType: 4,
		url: "https://channels.example.invalid/feed",
		avatarUrl: "https://img.example.invalid/channel.jpg",
		coverUrl: "https://media.example.invalid/cover.jpg",
		thumbUrl: "https://media.example.invalid/feed.jpg",
		extras: "",
	},
	8: {
		name: "秋日咖啡馆（人民路店）",
		address: "示例市人民路 1 号",
		latitude: 31.2304,
		longitude: 121.4737,
	},
	3: {
		avatar: "https://img.example.invalid/avatar/3.jpg",
		coworker: false,
		friend: false,
		gender: 1,
		wxid: "7881300000000003",
		name: "周店长",
		type: 1,
		weixin: "",
	},
	5: { imageUrl: "https://media.example.invalid/smile.gif" },
	4: { content: "[聊天记录] 林小满: 到了吗 / 周店长: 快了" },
	10: { content: "[微信红包] 恭喜发财" },
	11: { content: "00ac00ac00ac00ac00ac00ac00ac00ac" },
	15: { content: "通话时长 01:23" },
	16: {},
	9999: {
		roomTopic: "新品体验群",
		avatarUrl: "https://img.example.invalid/room.jpg",
		invitaterName: "小秒客服",
		inviteModelId: "5c0ffee00000000000000003",
		inviteStatus: 0,
	},
	10000: { type: 6, subPayload: { memberNames: ["林小满"], inviterName: "小秒客服" } },
	10001: {
		wechatSystemPayloadType: 2,
		subPayload: {
			newTopic: "新品体验群（周五开售）",
			changer: { displayName: "周店长", wxid: "7881300000000003", isSelf: false },
			timestamp: 1_767_225_600_000,
		},
	},
	0: { content: '{"raw":true}' },
};

/** In the order in which a person looks for them, the commonest first. */
const TYPES = [7, 6, 2, 13, 1, 12, 9, 14, 8, 3, 5, 4, 10, 11, 15, 16, 9999, 10000, 10001, 0];

const BOT = {
	botId: "aa11bb22cc33dd44ee55ff01",
	botWxid: "1688850000000001",
	botWeixin: "XiaoMiao",
};
const OTHER_BOT = {
	chatId: "65f0a1b2c3d4e5f60718293c",
	botId: "aa11bb22cc33dd44ee55ff02",
	botWxid: "1688850000000002",
	botWeixin: "XiaoHui",
};
const ROOM = {
	chatId: "65f0a1b2c3d4e5f60718293b",
	roomId: "R:10900000000000001",
	roomTopic: "新品体验群",
	roomWecomChatId: "wrEXAMPLE_ROOM_0000000000000001",
	contactId: "7881300000000002",
	contactName: "陈一禾",
};

/** What shows how the receiver keeps its promise. */
const STORIES: Readonly<Record<string, (occasion: Occasion) => SampleRequest[]>> = {
	retry(occasion) {
		const text = "我是被平台重试的消息，内容一模一样";
		const request = message(occasion, 7, { text, pureText: text });
		return [request, request];
	},
	revision(occasion) {
		const same = { ...occasion, newId: constantId(occasion) };
		const { artwork, ...thumbnail } = PAYLOADS[6] ?? {};
		return [{}, thumbnail, { ...thumbnail, artwork }].map((payload) => message(same, 6, payload));
	},
	twoBots(occasion) {
		const same = { ...occasion, newId: constantId(occasion) };
		const payload = { text: "群里的同一句话，两个托管账号都收到", mention: [] };
		return [message(same, 7, payload, ROOM), message(same, 7, payload, { ...ROOM, ...OTHER_BOT })];
	},
	room: (occasion) => [
		message(occasion, 7, { text: "@小秒客服 周五几点开售？", mention: [BOT.botWxid] }, ROOM),
	],
	reply: (occasion) => [
		message(occasion, 7, { text: "早上十点到晚上十点，欢迎光临！" }, { isSelf: true, source: 1 }),
	],
	documented(occasion) {
		const { now, token, newId } = occasion;
		const data = {
			...{ messageId: newId(), chatId: "65f0a1b2c3d4e5f60718293a", timestamp: String(now) },
			...{ type: 7, mentionSelf: false, token, ...BOT, ...CONTACT },
			payload: { "text\t": "完全按公开文档的写法，连制表符都在", mention: [] },
		};
		return [post("message", { data })];
	},
	future: (occasion) => [message(occasion, 42, { newThing: { x: 1 } })],
	hostile(occasion) {
		const text = `<img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script> \u202egpj.exe\u202c \u0000\u001b[31m \ud83d`;
		return [
			message(occasion, 7, { text, __proto__x: "{{7*7}}" }, { contactName: "<b>攻击者</b>" }),
		];
	},
	notJson: () => [{ method: "POST", path: "message", body: '{"data": 这不是 JSON' }],
	callback: ({ now, token }) => [
		post("room/joined", { token, roomId: ROOM.roomId, joinedAt: now, members: ["林小满"] }),
	],
};

/** All samples, in the order of the page's menu. */
export const sampleChoices: readonly SampleChoice[] = [
	...TYPES.map((type) => ({ id: `type${type}`, type })),
	...Object.keys(STORIES).map((id) => ({ id })),
];

/**
 * Makes the requests of a sample: new ids and times each time, so that each is a new message.
 *
 * @returns the requests in their order, or undefined when there is no such sample.
 */
export function requestsOf(id: string, occasion: Occasion): SampleRequest[] | undefined {
	if (Object.hasOwn(STORIES, id)) return STORIES[id]?.(occasion);
	const choice = sampleChoices.find((sample) => sample.id === id);
	const payload = choice?.type === undefined ? undefined : PAYLOADS[choice.type];
	if (choice?.type === undefined || payload === undefined) return undefined;
	const isOfRoom = [16, 10000, 10001].includes(choice.type);
	return [message(occasion, choice.type, payload, isOfRoom ? ROOM : {})];
}

const CONTACT = { contactId: "7881300000000001", contactName: "林小满" };

/** In the shape that today's traffic has (docs/platform.md "Envelope"). */
function message(
	{ newId, now, token }: Occasion,
	type: number,
	payload: Fields,
	fields: Fields = {},
): SampleRequest {
	const data = {
		messageId: newId(),
		chatId: "65f0a1b2c3d4e5f60718293a",
		avatar: "https://img.example.invalid/avatar/1.jpg",
		roomTopic: "",
		roomId: "",
		...CONTACT,
		payload,
		type,
		timestamp: now,
		token,
		contactType: 1,
		coworker: false,
		...BOT,
		isSelf: false,
		externalUserId: "wmEXAMPLE0000000000000000000001",
		roomWecomChatId: null,
		mentionSelf: false,
		...fields,
	};
	return post("message", { data });
}

function post(path: string, body: Fields): SampleRequest {
	return { method: "POST", path, body: JSON.stringify(body) };
}

function constantId({ newId }: Occasion): () => string {
	const id = newId();
	return () => id;
}
