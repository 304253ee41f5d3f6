package dev.plexus.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.model.DialectId;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What counts in a request is said as the pieces that it should come to; the quotes of the test's JSON are single ones.
class RequestTokensTest {

    private static final String PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /// Base64 of 100 KiB and a little: three started steps.
    private static final String PDF = "QUJD".repeat(100 * 1024 / 3 + 10);

    @Test
    void chat_counts_messages_with_their_frame_calls_results_and_reasoning() {
        String body = """
                {'model': 'gpt', 'temperature': 0.5, 'messages': [
                  {'role': 'system', 'content': 'Be brief.'},
                  {'role': 'user', 'name': 'Ada', 'content': [{'type': 'text', 'text': 'What is this?'}, {'type': 'refusal', 'refusal': 'No.'}]},
                  {'role': 'assistant', 'content': null, 'reasoning_content': 'Let me see.', 'tool_calls': [
                    {'id': 'call_1', 'type': 'function', 'function': {'name': 'look', 'arguments': '{"at":1}'}},
                    {'id': 'call_2', 'type': 'custom', 'custom': {'name': 'shell', 'input': 'ls -l'}}]},
                  {'role': 'assistant', 'function_call': {'name': 'old', 'arguments': '{}'}, 'reasoning': 'Older.'},
                  {'role': 'tool', 'tool_call_id': 'call_1', 'content': 'A cat.'}]}""";

        assertThat(count(DialectId.CHAT, body)).isEqualTo(5 * 3 + 3 + 1 + texts(
                "system", "Be brief.", "user", "Ada", "What is this?", "No.", "assistant", "Let me see.", "look", "{'at':1}", "shell", "ls -l",
                "assistant", "old", "{}", "Older.", "tool", "A cat."));
    }

    @Test
    void chat_counts_images_and_files_by_a_fixed_sum() {
        String body = """
                {'messages': [{'role': 'user', 'content': [
                  {'type': 'image_url', 'image_url': {'url': 'data:image/png;base64,%s'}},
                  {'type': 'image_url', 'image_url': {'detail': 'low', 'url': 'https://example.com/a.png'}},
                  {'type': 'image_url', 'image_url': 'https://example.com/a.png'},
                  {'type': 'input_audio', 'input_audio': {'data': '%s', 'format': 'wav'}},
                  {'type': 'file', 'file': {'filename': 'a.pdf', 'file_data': 'data:application/pdf;base64,%s'}}]}]}""".formatted(PIXEL, PIXEL, PDF);

        assertThat(count(DialectId.CHAT, body)).isEqualTo(3 + 3 + texts("user") + 765 + 85 + 765 + 3 * 1500);
    }

    @Test
    void messages_counts_system_blocks_thinking_calls_and_results() {
        String body = """
                {'system': [{'type': 'text', 'text': 'Be brief.', 'cache_control': {'type': 'ephemeral'}}], 'messages': [
                  {'role': 'user', 'content': 'Hello'},
                  {'content': [
                    {'type': 'thinking', 'thinking': 'Let me see.', 'signature': 'EqQBCgIYAhIM'},
                    {'type': 'redacted_thinking', 'data': 'EmwKAhgB'},
                    {'type': 'tool_use', 'id': 'toolu_1', 'name': 'look', 'input': {'at': 1, 'what': 'caf\\u00e9'}}], 'role': 'assistant'},
                  {'role': 'user', 'content': [
                    {'type': 'tool_result', 'tool_use_id': 'toolu_1', 'content': 'A cat.'},
                    {'type': 'tool_result', 'tool_use_id': 'toolu_2', 'content': [{'type': 'text', 'text': 'A dog.'}, {'type': 'image', 'source': {
                      'type': 'base64', 'media_type': 'image/png', 'data': '%s'}}]},
                    {'type': 'search_result', 'source': 'https://a.example', 'title': 'A page', 'content': [{'type': 'text', 'text': 'Words.'}]}]}]}"""
                .formatted(PIXEL);

        assertThat(count(DialectId.MESSAGES, body)).isEqualTo(1600 + texts(
                "Be brief.", "user", "Hello", "Let me see.", "look", "{'at':1,'what':'café'}", "assistant", "user", "A cat.", "A dog.",
                "https://a.example", "A page", "Words."));
    }

    @Test
    void messages_counts_documents_by_what_they_are() {
        String body = """
                {'system': 'Read.', 'messages': [{'role': 'user', 'content': [
                  {'type': 'image', 'source': {'type': 'url', 'url': 'https://example.com/a.png'}},
                  {'type': 'document', 'title': 'A', 'source': {'data': '%s', 'type': 'base64', 'media_type': 'application/pdf'}},
                  {'type': 'document', 'source': {'type': 'text', 'media_type': 'text/plain', 'data': 'Plain words.'}},
                  {'type': 'document', 'source': {'type': 'content', 'content': [{'type': 'text', 'text': 'Own blocks.'}]}},
                  {'source': {'type': 'url', 'url': 'https://example.com/a.pdf'}, 'type': 'document'}]}]}""".formatted(PDF);

        assertThat(count(DialectId.MESSAGES, body))
                .isEqualTo(1600 + 3 * 1500 + 1500 + texts("Read.", "user", "A", "Plain words.", "Own blocks."));
    }

    @Test
    void gemini_counts_texts_thoughts_calls_results_and_blobs() {
        String body = """
                {'systemInstruction': {'parts': [{'text': 'Be brief.'}]}, 'contents': [
                  {'role': 'user', 'parts': [{'text': 'What is this?'}, {'inlineData': {'mimeType': 'image/png', 'data': '%s'}}]},
                  {'role': 'model', 'parts': [{'text': 'Let me see.', 'thought': true, 'thoughtSignature': 'CiQB'},
                    {'functionCall': {'id': '1', 'name': 'look', 'args': {'at': 1}}}, {'executableCode': {'language': 'PYTHON', 'code': 'print(1)'}},
                    {'codeExecutionResult': {'outcome': 'OUTCOME_OK', 'output': '1'}}]},
                  {'parts': [{'function_response': {'name': 'look', 'response': {'saw': 'a cat'}, 'parts': [
                    {'inline_data': {'data': '%s', 'mime_type': 'application/pdf'}}]}}, {'fileData': {'mimeType': 'image/png', 'fileUri': 'gs://a'}}]}]}"""
                .formatted(PIXEL, PDF);

        assertThat(count(DialectId.GEMINI, body)).isEqualTo(258 + 3 * 1500 + 258 + texts(
                "Be brief.", "user", "What is this?", "model", "Let me see.", "look", "{'at':1}", "print(1)", "1", "look", "{'saw':'a cat'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'contents': 'Hello'}",
        "{'contents': {'parts': {'text': 'Hello'}}}",
        "{'contents': [{'parts': [{'text': 'Hello'}]}]}",
        "{'generateContentRequest': {'model': 'models/x', 'contents': [{'parts': [{'text': 'Hello'}]}]}}"
    })
    void gemini_contents_may_be_shorter_or_within_a_request(String body) {
        assertThat(count(DialectId.GEMINI, body)).isEqualTo(texts("Hello"));
    }

    @Test
    void responses_counts_items_of_every_kind() {
        String body = """
                {'instructions': 'Be brief.', 'input': [
                  {'role': 'user', 'content': 'Hello'},
                  {'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'What is this?'},
                    {'type': 'input_image', 'image_url': 'data:image/png;base64,%s', 'detail': 'low'},
                    {'type': 'input_image', 'image_url': 'https://example.com/a.png'},
                    {'type': 'input_file', 'filename': 'a.pdf', 'file_data': 'data:application/pdf;base64,%s'}]},
                  {'type': 'reasoning', 'id': 'rs_1', 'summary': [{'type': 'summary_text', 'text': 'Let me see.'}], 'encrypted_content': 'gAAAAA'},
                  {'type': 'function_call', 'call_id': 'call_1', 'name': 'look', 'arguments': '{"at":1}'},
                  {'type': 'function_call_output', 'call_id': 'call_1', 'output': 'A cat.'},
                  {'type': 'function_call_output', 'call_id': 'call_2', 'output': [{'type': 'input_text', 'text': 'A dog.'}]},
                  {'type': 'custom_tool_call', 'call_id': 'call_3', 'name': 'shell', 'input': 'ls -l'},
                  {'type': 'computer_call_output', 'output': {'type': 'computer_screenshot', 'image_url': 'data:image/png;base64,%s'}},
                  {'type': 'image_generation_call', 'result': '%s'}]}""".formatted(PIXEL, PDF, PIXEL, PIXEL);

        assertThat(count(DialectId.RESPONSES, body)).isEqualTo(85 + 765 + 3 * 1500 + 765 + 765 + texts(
                "Be brief.", "user", "Hello", "user", "What is this?", "Let me see.", "look", "{'at':1}", "A cat.", "A dog.", "shell", "ls -l"));
        assertThat(count(DialectId.RESPONSES, "{'input': 'Hello'}")).isEqualTo(texts("Hello"));
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "MESSAGES", "GEMINI", "RESPONSES"})
    void tool_definitions_count_as_their_json_without_blanks(DialectId dialect) {
        assertThat(count(dialect, "{'tools': [ {'name': 'look', 'description': 'Looks.'} ]}"))
                .isEqualTo(texts("[{'name':'look','description':'Looks.'}]"));
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "MESSAGES", "GEMINI", "RESPONSES"})
    void what_is_not_of_the_form_counts_nothing(DialectId dialect) {
        for (String member : List.of("messages", "system", "contents", "systemInstruction", "generateContentRequest", "input", "instructions", "tools")) {
            for (String value : List.of("null", "7", "true", "[null,7,[],{}]", "{}", "[{'content':7,'parts':7,'tool_calls':7,'source':null}]")) {
                assertThat(count(dialect, "{'" + member + "': " + value + "}")).isBetween(0L, 60L);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{'a':}", "7"})
    void what_is_no_object_is_a_complaint(String body) {
        assertThatThrownBy(() -> count(DialectId.MESSAGES, body)).isInstanceOf(JsonIn.Bad.class);
    }

    @Test
    void a_dialect_without_conversations_is_not_counted() {
        assertThatThrownBy(() -> count(DialectId.IMAGES, "{}")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 1500", "4, 1500", "68264, 1500", "68272, 3000", "136532, 3000", "136540, 4500"})
    void a_pdf_counts_by_each_started_step_of_its_size(long base64Characters, long tokens) {
        TokenTally tally = new TokenTally(0, true);

        tally.pdf(base64Characters);

        assertThat(tally.total()).isEqualTo(tokens);
    }

    @Test
    void what_is_beyond_the_bound_of_exact_counting_is_estimated() {
        String long1 = "The quick brown fox jumps over the lazy dog. ".repeat(5_600);
        String body = "{'messages':[{'content':'" + long1 + "'},{'content':'" + long1 + "'}]}";

        assertThat(count(DialectId.MESSAGES, body)).isEqualTo(TokenCounter.text(long1) + Heuristic.tokens(long1));
    }

    private static long count(DialectId dialect, String body) {
        return RequestTokens.of(dialect, Pieces.of(json(body)));
    }

    /// Quotes within the test's strings are meant for JSON text inside a JSON string.
    private static String json(String body) {
        return body.replace("\"", "\\\"").replace('\'', '"');
    }

    private static long texts(String... texts) {
        return List.of(texts).stream().mapToLong(text -> TokenCounter.text(text.replace('\'', '"'))).sum();
    }
}
