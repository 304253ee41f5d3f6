package dev.plexus.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a provider, or one of its models, wants to be spoken to (spec: translation, section 13); null where the operator did not say.
///
/// The words are those of the configuration file.
public record TranslationOptions(
        @Nullable Boolean developerRole,
        @Nullable String maxTokensField,
        @Nullable String reasoningStyle,
        @Nullable List<String> efforts,
        @Nullable String reasoningReplay,
        @Nullable String thinkingStyle,
        @Nullable String thinkTags,
        @Nullable String structuredOutput,
        @Nullable Long defaultMaxTokens,
        @Nullable String midSystem,
        @Nullable String toolIdStyle,
        @Nullable String toolArgs,
        @Nullable Boolean customTools,
        @Nullable Boolean namespaces,
        @Nullable String webSearch,
        @Nullable Boolean cacheControl,
        @Nullable Boolean promptCacheBreakpoint,
        @Nullable Boolean topK,
        @Nullable Boolean metadata,
        @Nullable Boolean serviceTier,
        @Nullable Boolean fileUrl,
        @Nullable String remoteMedia,
        @Nullable String geminiSchema,
        @Nullable Boolean geminiCallIds,
        @Nullable Boolean countTokens,
        List<String> dropParams,
        Map<String, String> renameParams,
        @Nullable Boolean lenientEof,
        @Nullable Boolean reactiveRepair,
        @Nullable Boolean stripReasoningContent) {

    public static final TranslationOptions NONE = new TranslationOptions(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, List.of(), Map.of(), null, null, null);

    public TranslationOptions {
        dropParams = List.copyOf(dropParams);
        renameParams = Map.copyOf(renameParams);
    }

    /// These options, and `base` where they say nothing: a model's over its provider's.
    public TranslationOptions over(TranslationOptions base) {
        return new TranslationOptions(
                or(developerRole, base.developerRole),
                or(maxTokensField, base.maxTokensField),
                or(reasoningStyle, base.reasoningStyle),
                or(efforts, base.efforts),
                or(reasoningReplay, base.reasoningReplay),
                or(thinkingStyle, base.thinkingStyle),
                or(thinkTags, base.thinkTags),
                or(structuredOutput, base.structuredOutput),
                or(defaultMaxTokens, base.defaultMaxTokens),
                or(midSystem, base.midSystem),
                or(toolIdStyle, base.toolIdStyle),
                or(toolArgs, base.toolArgs),
                or(customTools, base.customTools),
                or(namespaces, base.namespaces),
                or(webSearch, base.webSearch),
                or(cacheControl, base.cacheControl),
                or(promptCacheBreakpoint, base.promptCacheBreakpoint),
                or(topK, base.topK),
                or(metadata, base.metadata),
                or(serviceTier, base.serviceTier),
                or(fileUrl, base.fileUrl),
                or(remoteMedia, base.remoteMedia),
                or(geminiSchema, base.geminiSchema),
                or(geminiCallIds, base.geminiCallIds),
                or(countTokens, base.countTokens),
                dropParams.isEmpty() ? base.dropParams : dropParams,
                renameParams.isEmpty() ? base.renameParams : renameParams,
                or(lenientEof, base.lenientEof),
                or(reactiveRepair, base.reactiveRepair),
                or(stripReasoningContent, base.stripReasoningContent));
    }

    private static <T> @Nullable T or(@Nullable T own, @Nullable T other) {
        return own == null ? other : own;
    }
}
