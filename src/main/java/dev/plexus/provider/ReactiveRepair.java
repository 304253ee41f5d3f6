package dev.plexus.provider;

import dev.plexus.model.DialectId;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.MemberEdits;
import dev.plexus.wire.PathEdits;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import dev.plexus.wire.TopLevelScan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Mends a request that an upstream refused with 400 or 422 for something that can be left out: a parameter it does not know, the other name of the
/// output limit, thinking that another account signed (translation.md 10.2). The same target is asked again, with a body that no other target sees. One
/// per attempt.
final class ReactiveRepair {

    private static final int PATHS_MAX = 3;
    private static final int TEXT_CHARACTERS_MAX = 4_000;

    private static final String PATH = "([A-Za-z_$][\\w$]*(?:\\.[A-Za-z_$][\\w$]*|\\[\\d{1,6}])*)";
    private static final List<Pattern> UNKNOWN = List.of(
            Pattern.compile(
                    "(?:unsupported|unknown|unrecognized|unexpected)\\s+(?:request\\s+)?(?:parameter|field|argument|key)s?(?:\\s+supplied)?\\s*:?\\s*['\"`]?"
                            + PATH,
                    Pattern.CASE_INSENSITIVE),
            Pattern.compile("unknown name \\\\?\"" + PATH + "\\\\?\" at", Pattern.CASE_INSENSITIVE),
            Pattern.compile(PATH + ":\\s*extra inputs are not permitted", Pattern.CASE_INSENSITIVE),
            Pattern.compile("['\"`]" + PATH + "['\"`]\\s+is not supported", Pattern.CASE_INSENSITIVE));
    private static final Pattern ANY_SIGNATURE = Pattern.compile("invalid\\W+(?:\\W*signature\\W*).{0,40}thinking", Pattern.CASE_INSENSITIVE);

    /// What is never taken out: without it the request would be another one.
    private static final Set<String> KEPT = Set.of("model", "messages", "input", "contents", "tools", "system", "instructions", "stream");
    private static final Pattern WHOLE_MESSAGE = Pattern.compile("(?:messages|input|contents)\\[\\d+]");

    private final DialectId dialect;
    private final Set<String> removed = new HashSet<>();
    private boolean renamed;
    private boolean stripped;

    ReactiveRepair(DialectId dialect) {
        this.dialect = dialect;
    }

    /// The body to try next, null if nothing in the upstream's words says what to mend.
    @Nullable Pieces mend(Pieces body, String errorText) {
        String text = errorText.length() <= TEXT_CHARACTERS_MAX ? errorText : errorText.substring(0, TEXT_CHARACTERS_MAX);
        byte[] bytes = body.contiguous();
        byte[] mended = renameLimit(bytes, text);
        if (mended == null) {
            mended = stripThinking(bytes, text);
        }
        if (mended == null) {
            mended = removeNamed(bytes, text);
        }
        return mended == null ? null : Pieces.of(mended);
    }

    private byte @Nullable [] renameLimit(byte[] body, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (renamed || !lower.contains("max_tokens") || !lower.contains("max_completion_tokens") || !lower.contains("support")) {
            return null;
        }
        TopLevel level = members(body);
        if (level == null) {
            return null;
        }
        for (TopLevel.Member member : level.members()) {
            String other = switch (member.name()) {
                case "max_tokens" -> "max_completion_tokens";
                case "max_completion_tokens" -> "max_tokens";
                default -> null;
            };
            if (other != null) {
                renamed = true;
                byte[] value = Pieces.of(body).part(member.valueFrom(), member.valueTo()).joined();
                return new MemberEdits(level).remove(member.name()).set(other, value).apply(Pieces.of(body)).joined();
            }
        }
        return null;
    }

    private byte @Nullable [] removeNamed(byte[] body, String text) {
        for (Pattern pattern : UNKNOWN) {
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                byte[] without = remove(body, matcher.group(1));
                if (without != null) {
                    return without;
                }
            }
        }
        return text.contains("stream_options") ? remove(body, "stream_options") : null;
    }

    private byte @Nullable [] remove(byte[] body, String path) {
        boolean mayGo = !KEPT.contains(path) && !WHOLE_MESSAGE.matcher(path).matches() && !removed.contains(path);
        if (!mayGo || removed.size() >= PATHS_MAX) {
            return null;
        }
        byte[] without = PathEdits.remove(body, path);
        if (without != null) {
            removed.add(path);
        }
        return without;
    }

    /// Signatures are bound to a model family and an account; what cannot be proven is left out. A message that has nothing else keeps a sign of itself, so
    /// that calls and results stay apart.
    private byte @Nullable [] stripThinking(byte[] body, String text) {
        if (stripped || dialect != DialectId.MESSAGES || !ANY_SIGNATURE.matcher(text).find()) {
            return null;
        }
        stripped = true;
        List<int[]> blocks = new ArrayList<>();
        List<Integer> emptied = new ArrayList<>();
        int[] message = {0};
        try {
            JsonIn.read(body, 0, body.length, in -> in.object(name -> {
                if (name.equals("messages") && in.isArray()) {
                    in.array(() -> {
                        int index = message[0]++;
                        if (in.isObject()) {
                            in.object(member -> {
                                if (member.equals("content") && in.isArray()) {
                                    thinkingIn(in, index, blocks, emptied);
                                }
                            });
                        }
                    });
                }
            }));
        } catch (JsonIn.Bad bad) {
            return null;
        }
        byte[] rest = body;
        for (int at = blocks.size() - 1; at >= 0; at--) {
            byte[] without = PathEdits.remove(rest, "messages[" + blocks.get(at)[0] + "].content[" + blocks.get(at)[1] + "]");
            rest = without == null ? rest : without;
        }
        return blocks.isEmpty() ? null : EmptyContent.filled(rest, emptied);
    }

    private static void thinkingIn(JsonIn in, int message, List<int[]> blocks, List<Integer> emptied) {
        int[] block = {0};
        int before = blocks.size();
        in.array(() -> {
            int index = block[0]++;
            if (in.isObject()) {
                in.object(member -> {
                    if (member.equals("type")) {
                        String type = in.textIfAny();
                        if ("thinking".equals(type) || "redacted_thinking".equals(type)) {
                            blocks.add(new int[] {message, index});
                        }
                    }
                });
            }
        });
        if (block[0] > 0 && blocks.size() - before == block[0]) {
            emptied.add(message);
        }
    }

    private static @Nullable TopLevel members(byte[] body) {
        return TopLevelScan.scan(Pieces.of(body), (_, _) -> {}) instanceof TopLevelScan.Outcome.Found(var level) ? level : null;
    }
}
