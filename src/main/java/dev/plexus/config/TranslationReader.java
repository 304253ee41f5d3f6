package dev.plexus.config;

import dev.plexus.model.TranslationOptions;
import java.util.List;

/// Reads `translation`, of a provider or of one of its models.
final class TranslationReader {

    private TranslationReader() {}

    static TranslationOptions read(Cursor at) {
        List<String> efforts = at.texts("efforts");
        return new TranslationOptions(
                at.flag("developer_role"),
                at.word("max_tokens_field"),
                at.word("reasoning_style"),
                efforts.isEmpty() ? null : efforts,
                at.word("reasoning_replay"),
                at.word("thinking_style"),
                at.word("think_tags"),
                at.word("structured_output"),
                at.whole("default_max_tokens"),
                at.word("mid_system"),
                at.word("tool_id_style"),
                at.word("tool_args"),
                at.flag("custom_tools"),
                at.flag("namespaces"),
                at.word("web_search"),
                at.flag("cache_control"),
                at.flag("prompt_cache_breakpoint"),
                at.flag("top_k"),
                at.flag("metadata"),
                at.flag("service_tier"),
                at.flag("file_url"),
                at.word("remote_media"),
                at.word("gemini_schema"),
                at.flag("gemini_call_ids"),
                at.flag("count_tokens"),
                at.texts("drop_params"),
                at.textMap("rename_params"),
                at.flag("lenient_eof"),
                at.flag("reactive_repair"),
                at.flag("strip_reasoning_content"));
    }
}
