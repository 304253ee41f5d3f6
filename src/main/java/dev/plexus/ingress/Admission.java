package dev.plexus.ingress;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.config.UserQuota;
import dev.plexus.dialect.RequestHead;
import dev.plexus.message.Candidate;
import dev.plexus.message.Plan;
import dev.plexus.message.QuotaVerdict;
import dev.plexus.model.DialectId;
import dev.plexus.model.GatewayError;
import dev.plexus.model.TargetId;
import dev.plexus.tokens.RequestTokens;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the quotas of a key need to know of a request, and what follows from their verdict.
final class Admission {

    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// What a request says of the longest answer that it wants.
    private static final class Wanted {
        private long longest;
        private long answers = 1;
    }

    private Admission() {}

    /// Does a quota of the key count some targets and not others, so that nobody can judge before the targets are known?
    static boolean needsPlan(Config config, KeyRule key) {
        return any(config, key, quota -> !quota.scope().isAll());
    }

    /// Does a quota of the key hold a place for the tokens of running requests?
    static boolean holdsTokens(Config config, KeyRule key) {
        return any(config, key, quota -> quota.reserve() && quota.measures() == UserQuota.Measure.TOKENS);
    }

    private static boolean any(Config config, KeyRule key, Predicate<UserQuota> test) {
        for (String name : key.quotas()) {
            UserQuota quota = config.userQuotas().get(name);
            if (quota != null && test.test(quota)) {
                return true;
            }
        }
        return false;
    }

    static List<TargetId> targets(Plan.Ready plan) {
        return plan.candidates().stream().map(Candidate::id).distinct().toList();
    }

    /// The plan without these targets. The quotas refuse when none would be left.
    static Plan.Ready without(Plan.Ready plan, Set<TargetId> barred) {
        if (barred.isEmpty()) {
            return plan;
        }
        List<Candidate> left = plan.candidates().stream().filter(candidate -> !barred.contains(candidate.id())).toList();
        return new Plan.Ready(plan.canonicalName(), plan.alias(), left, plan.skipped(), plan.conversation());
    }

    /// What the request may take at most, as far as it says so itself: its input as it is estimated, and the longest answer that it allows.
    static long tokens(DialectId dialect, @Nullable RequestHead head, Pieces body) {
        if (head == null) {
            return 0;
        }
        try {
            byte[] bytes = body.contiguous();
            Wanted wanted = new Wanted();
            JsonIn.read(bytes, 0, bytes.length, in -> read(in, wanted));
            return RequestTokens.estimate(dialect, body) + wanted.longest * wanted.answers;
        } catch (JsonIn.Bad | IllegalArgumentException _) {
            return 0; // the request will be refused for that, or holds nothing that is counted beforehand
        }
    }

    private static void read(JsonIn in, Wanted wanted) {
        in.object(name -> {
            switch (name) {
                case "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens" -> {
                    if (!in.isObject() && !in.isArray()) {
                        wanted.longest = Math.max(wanted.longest, in.count());
                    }
                }
                case "n", "candidateCount" -> {
                    if (!in.isObject() && !in.isArray()) {
                        wanted.answers = Math.clamp(in.count(), 1, 128);
                    }
                }
                case "generationConfig", "generation_config" -> {
                    if (in.isObject()) {
                        read(in, wanted);
                    }
                }
                default -> {}
            }
        });
    }

    /// What the client is told of quotas that are at their end.
    static GatewayError error(QuotaVerdict.Exceeded exceeded) {
        List<GatewayError.Blocking> blocking =
                Stream.concat(Stream.of(exceeded), exceeded.others().stream()).map(Admission::blocking).toList();
        return GatewayError.of(new GatewayError.QuotaUsedUp(
                exceeded.quota(),
                exceeded.currentUsage(),
                exceeded.limit(),
                iso(exceeded.resetsAt()),
                exceeded.retryAfterSeconds(),
                blocking));
    }

    private static GatewayError.Blocking blocking(QuotaVerdict.Exceeded exceeded) {
        BigDecimal remaining = exceeded.limit().subtract(exceeded.currentUsage()).max(BigDecimal.ZERO);
        return new GatewayError.Blocking(
                exceeded.quota(), exceeded.measure(), exceeded.limit(), exceeded.currentUsage(), remaining, iso(exceeded.resetsAt()));
    }

    private static String iso(long millis) {
        return ISO.format(Instant.ofEpochMilli(millis));
    }
}
