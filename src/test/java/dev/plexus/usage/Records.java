package dev.plexus.usage;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.Asked;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.message.UsageRecord.Caller;
import dev.plexus.message.UsageRecord.Outcome;
import dev.plexus.message.UsageRecord.Served;
import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.RequestId;
import dev.plexus.model.Usage;
import java.util.List;
import java.util.UUID;

/// Usage records as the gateway makes them.
public final class Records {

    public static final long BEGAN = 1_767_225_600_123L;

    private Records() {}

    /// A streamed answer of the first target.
    public static UsageRecord success(String id) {
        return at(id, BEGAN, ExchangeStatus.SUCCESS);
    }

    public static UsageRecord success(long number) {
        return success(new UUID(0x4000, 0x8000_0000_0000_0000L | number).toString());
    }

    public static UsageRecord pending(String id) {
        return at(id, BEGAN, ExchangeStatus.PENDING);
    }

    public static UsageRecord at(String id, long startTime, ExchangeStatus status) {
        boolean ended = status != ExchangeStatus.PENDING;
        return new UsageRecord(
                new RequestId(id),
                startTime,
                new Caller("10.1.2.3", new KeyName("team-blue"), "ci", "client-7"),
                new Asked(DialectId.CHAT, "fast", true, 2, 5, true),
                new Served(
                        "fast",
                        "openai",
                        "gpt-4o-mini",
                        DialectId.CHAT,
                        true,
                        List.of(new AttemptLine("openai", "gpt-4o-mini", DialectId.CHAT, AttemptLine.Status.SUCCESS, 200, "", false, 1_500))),
                new Outcome(
                        status,
                        ended ? 200 : 0,
                        ended ? 2_000 : -1,
                        ended ? 500.5 : -1,
                        ended,
                        ended ? new Usage(1_200, 300, 0, 0, 150, 20, 1_650) : null,
                        ended ? 1 : 0,
                        ended ? "stop" : null,
                        null),
                "5d41402abc4b2a76b9719d911017c592ae0c5a3c1c0a2e1b4f3d9f7a6b8c9d0e");
    }

    public static UsageRecord withSourceIp(UsageRecord usage, String sourceIp) {
        Caller caller = usage.caller();
        return new UsageRecord(
                usage.requestId(),
                usage.startTime(),
                new Caller(sourceIp, caller.apiKey(), caller.attribution(), caller.clientRequestId()),
                usage.asked(),
                usage.served(),
                usage.outcome(),
                usage.configHash());
    }

    /// First target overloaded, second one skipped, third one broke too.
    public static UsageRecord failure(String id) {
        UsageRecord base = success(id);
        return new UsageRecord(
                base.requestId(),
                base.startTime(),
                base.caller(),
                base.asked(),
                new Served(
                        "fast",
                        "anthropic",
                        "claude",
                        DialectId.MESSAGES,
                        false,
                        List.of(
                                new AttemptLine("openai", "gpt", DialectId.CHAT, AttemptLine.Status.FAILED, 503, "overloaded \"now\"", true, 40),
                                new AttemptLine("local", "tiny", DialectId.CHAT, AttemptLine.Status.SKIPPED, 0, "no common dialect", false, 0),
                                new AttemptLine("anthropic", "claude", DialectId.MESSAGES, AttemptLine.Status.FAILED, 0, "connection reset", true, 60))),
                new Outcome(ExchangeStatus.ERROR, 502, 110, -1, false, null, 0, null, "all targets failed"),
                base.configHash());
    }
}
