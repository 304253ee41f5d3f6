package dev.plexus.dialect;

import dev.plexus.model.TranslationOptions;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a target can do and how it wants to be asked: the operator's options, and where those are silent what is known of the host and the model
/// (spec: translation, section 13). `model` is the upstream's name, `host` the lower-case host name of its URL.
public record Traits(String model, String host, TranslationOptions options) {

    /// Reasoning models of OpenAI, with or without a vendor prefix.
    private static final Pattern OPENAI_REASONING = Pattern.compile("(?:^|.*/)(?:o\\d|gpt-5).*");

    private static final Pattern GPT = Pattern.compile("(?:^|.*/)gpt-(\\d+)(?:\\.(\\d+))?.*");

    /// `claude-opus-4-6`, `claude-sonnet-5`, `claude-4.6-opus`; a number of eight digits is a date.
    private static final Pattern CLAUDE = Pattern.compile(".*claude(?:-[a-z]+)*-(\\d{1,2})(?:[-.](\\d{1,2}))?(?:[^\\d].*)?");

    private static final Pattern GEMINI = Pattern.compile(".*gemini-(\\d+)(?:\\.(\\d+))?.*");

    private static final int DEFAULT_MAX_TOKENS = 4096;

    public Traits {
        host = host.toLowerCase(Locale.ROOT);
    }

    public boolean isOpenAi() {
        return host.equals("api.openai.com");
    }

    public boolean isOpenRouter() {
        return isHost("openrouter.ai");
    }

    public boolean isAnthropic() {
        return isHost("anthropic.com");
    }

    public boolean isGoogle() {
        return isHost("googleapis.com");
    }

    private boolean isHost(String name) {
        return host.equals(name) || host.endsWith("." + name);
    }

    public boolean isOpenAiReasoningModel() {
        return OPENAI_REASONING.matcher(model.toLowerCase(Locale.ROOT)).matches();
    }

    /// True for OpenAI models that take the effort `none`: gpt-5.1 and newer.
    public boolean takesEffortNone() {
        return isAtLeast(GPT, 5, 1);
    }

    public boolean developerRole() {
        return or(options.developerRole(), isOpenAi());
    }

    /// `max_tokens` or `max_completion_tokens`.
    public String maxTokensField() {
        return or(options.maxTokensField(), isOpenAi() || isOpenAiReasoningModel() ? "max_completion_tokens" : "max_tokens");
    }

    /// `effort`, `openrouter`, `thinking`, `enable_thinking` or `none`.
    public String reasoningStyle() {
        String known = isOpenRouter() ? "openrouter"
                : isHost("deepseek.com") || isHost("z.ai") ? "thinking"
                : host.contains("dashscope") ? "enable_thinking" : "effort";
        return or(options.reasoningStyle(), known);
    }

    /// The efforts that the target takes; null for all.
    public @Nullable List<String> efforts() {
        return options.efforts();
    }

    /// `never`, `tool_loop` or `always`.
    public String reasoningReplay() {
        return or(options.reasoningReplay(), "never");
    }

    /// True if an Anthropic model decides itself how much it thinks: 4.6 and newer.
    public boolean thinksAdaptively() {
        String style = options.thinkingStyle();
        return style == null ? isAtLeast(CLAUDE, 4, 6) : style.equals("adaptive");
    }

    /// True if a Gemini model takes a level instead of a budget: 3 and newer.
    public boolean thinksByLevel() {
        String style = options.thinkingStyle();
        return style == null ? isGemini3() : style.equals("level");
    }

    /// Gemini 3 or newer.
    public boolean isGemini3() {
        return isAtLeast(GEMINI, 3, 0);
    }

    /// True if `<think>` at the start of the text is thinking.
    public boolean parsesThinkTags() {
        return "parse".equals(options.thinkTags());
    }

    /// `native`, `tool` or `prompt`.
    public String structuredOutput() {
        return or(options.structuredOutput(), "native");
    }

    public long defaultMaxTokens() {
        return or(options.defaultMaxTokens(), (long) DEFAULT_MAX_TOKENS);
    }

    /// `hoist`, `native` or `user`.
    public String midSystem() {
        return or(options.midSystem(), "hoist");
    }

    /// `any`, `anthropic`, `max40` or `alnum9`; null for what the dialect itself demands.
    public @Nullable String toolIdStyle() {
        return options.toolIdStyle() == null && isOpenAi() ? "max40" : options.toolIdStyle();
    }

    /// True if streamed tool arguments come as ever longer snapshots.
    public boolean argumentsAreSnapshots() {
        return "snapshot".equals(options.toolArgs());
    }

    public boolean customTools() {
        return or(options.customTools(), isOpenAi());
    }

    public boolean namespaces() {
        return or(options.namespaces(), isOpenAi());
    }

    /// `none`, `options`, `tool` or `openrouter`.
    public String webSearch() {
        return or(options.webSearch(), isOpenRouter() ? "openrouter" : isOpenAi() ? "options" : "none");
    }

    public boolean cacheControl() {
        return or(options.cacheControl(), isOpenRouter());
    }

    public boolean promptCacheBreakpoint() {
        return or(options.promptCacheBreakpoint(), false);
    }

    public boolean topK() {
        return or(options.topK(), !isOpenAi());
    }

    public boolean metadata() {
        return or(options.metadata(), isOpenAi() || isAnthropic());
    }

    public boolean serviceTier() {
        return or(options.serviceTier(), isOpenAi() || isAnthropic());
    }

    public boolean fileUrl() {
        return or(options.fileUrl(), false);
    }

    /// `pass`, `fetch` or `reject`.
    public String remoteMedia() {
        return or(options.remoteMedia(), "pass");
    }

    /// True if Gemini tool schemas are sent in the older OpenAPI form.
    public boolean openApiSchemas() {
        return "openapi".equals(options.geminiSchema());
    }

    public boolean geminiCallIds() {
        return or(options.geminiCallIds(), false);
    }

    public boolean countsTokens() {
        return or(options.countTokens(), isAnthropic() || isGoogle());
    }

    /// True if reasoning that the client hands back must go without its plain text.
    public boolean stripsReasoningContent() {
        return or(options.stripReasoningContent(), false);
    }

    /// True if the target takes only letters, digits, `_` and `-` in the ids of tool calls, in its own dialect too.
    public boolean restrictsToolIds() {
        return "anthropic".equals(options.toolIdStyle()) || options.toolIdStyle() == null && isAnthropic();
    }

    /// True if a stream may end without its closing events.
    public boolean lenientEnd() {
        return or(options.lenientEof(), false);
    }

    private boolean isAtLeast(Pattern family, int major, int minor) {
        Matcher matcher = family.matcher(model.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return false;
        }
        int majorHere = Integer.parseInt(matcher.group(1));
        int minorHere = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return majorHere > major || majorHere == major && minorHere >= minor;
    }

    private static <T> T or(@Nullable T said, T known) {
        return said == null ? known : said;
    }
}
