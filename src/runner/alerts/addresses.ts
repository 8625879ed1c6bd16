// Where each channel is reached: addresses and keys of the form that the real services give out.
import { chooseTag } from "../../lib/choice.ts";
import type { Channel } from "../../scenarios/types.ts";

/** What expressions see as `alerts.<name>`. */
export interface ChannelAddress {
  /** The complete address that a system configures for that kind of channel. */
  url: string;
  /** Scheme (for mail: smtp), host and port, for clients that add the path themselves. */
  base: string;
  host: string;
  port: number;
  /** A valid routing key, the secret last part of the webhook's path, or the password of a mail login. */
  key: string;
}

/** Keys depend on the channel's name only, so that an attached system can be configured once. */
export function addressOf(
  channel: Channel,
  { host, port, mailPort = 0 }: { host: string; port: number; mailPort?: number },
): ChannelAddress {
  const base = `http://${host}:${port}`;
  const tag = (length: number, part: string) => chooseTag(length, "alert channel", channel.name, part);
  const where = { base, host, port };
  switch (channel.kind) {
    case "slack": {
      const key = tag(24, "token");
      const team = `T${tag(10, "team").toUpperCase()}`;
      const bot = `B${tag(10, "bot").toUpperCase()}`;
      return { ...where, key, url: `${base}/services/${team}/${bot}/${key}` };
    }
    case "pagerduty":
      return { ...where, key: tag(32, "routing key"), url: `${base}/v2/enqueue` };
    case "webhook": {
      const key = tag(24, "path");
      return { ...where, key, url: `${base}/webhooks/${key}` };
    }
    case "email": {
      const key = tag(24, "password");
      return {
        host,
        port: mailPort,
        base: `smtp://${host}:${mailPort}`,
        key,
        url: `smtp://${channel.name}:${key}@${host}:${mailPort}`,
      };
    }
  }
}
