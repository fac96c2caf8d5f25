/** What the runtime itself takes. */
export async function handler(): Promise<object> {
	return { statusCode: 200, body: '{"errcode":0,"errmsg":"ok"}' };
}
